import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const entry = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

/** A command that runs until it ends or is interrupted. */
export function startCommand(args: readonly string[]): {
  line(): Promise<string>;
  untilLine(pattern: RegExp): Promise<string>;
  interrupt(): Promise<number>;
  readonly ended: Promise<number>;
  [Symbol.asyncDispose](): Promise<void>;
} {
  const child = spawn(process.execPath, [entry, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise<number>((resolve) => child.on('close', (code) => resolve(code ?? -1)));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const line = async (): Promise<string> => {
    const { value, done } = await lines.next();
    if (done === true) throw new Error('the command ended without another line');
    return value;
  };
  return {
    line,
    untilLine: async (pattern) => {
      for (;;) {
        const next = await line();
        if (pattern.test(next)) return next;
      }
    },
    interrupt: async () => {
      child.kill('SIGINT');
      return ended;
    },
    ended,
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
