import { execFile, spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import type { Timed } from '../measure.ts';
import type { MintingWork } from './peer.ts';

const execute = promisify(execFile);

/** Whether a program can be started. */
export function isInstalled(program: string, args: readonly string[] = ['version']): boolean {
  return spawnSync(program, args, { stdio: 'ignore' }).status === 0;
}

/** Runs a program to its end, as a test would. */
export async function run(program: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<string> {
  const { stdout } = await execute(program, args, { env: { ...process.env, ...env } });
  return stdout;
}

/** A program that stays and mints on request: to a line of work and number of calls it answers with the milliseconds of one call. */
export interface Minter {
  readonly mint: (work: MintingWork) => Timed;
  /** What it answers to a line of another kind. */
  readonly ask: (line: string) => Promise<string>;
  readonly close: () => void;
}

export function startMinter(program: string, args: readonly string[]): Minter {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ask = async (line: string): Promise<string> => {
    child.stdin.write(`${line}\n`);
    const { value, done } = await answers.next();
    if (done === true) throw new Error(`${program} ended without an answer to "${line}"`);
    return value;
  };
  return {
    mint: (work) => async (repeat) => Number(await ask(`${work} ${repeat}`)),
    ask,
    close: () => child.stdin.end(),
  };
}
