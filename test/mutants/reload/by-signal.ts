import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { ReloadSource } from '../../../src/scenarios/run/reload/reload-source.ts';

/** A server in a process of its own, which reloads at SIGHUP. */
export function bySignal(mode: 'careful' | 'crashes'): ReloadSource {
  let child: ChildProcess | undefined;
  return {
    start: async ({ files, trustFile }) => {
      const program = fileURLToPath(new URL('child-server.ts', import.meta.url));
      const options = ['--experimental-strip-types', '--no-warnings', program, files.key, files.cert, trustFile, mode];
      const started = spawn(process.execPath, options, { stdio: ['ignore', 'pipe', 'ignore'] });
      child = started;
      const ended = once(started, 'exit');
      const port = await portOf(started);
      const close = async (): Promise<void> => {
        started.kill('SIGKILL');
        await ended;
      };
      return { host: '127.0.0.1', port, close };
    },
    reload: () => child?.kill('SIGHUP'),
  };
}

/** Rejects where it ends without listening. */
async function portOf({ stdout }: ChildProcess): Promise<number> {
  if (!stdout) throw new Error('its output is a pipe');
  for await (const line of createInterface(stdout)) return (JSON.parse(line) as { readonly port: number }).port; // what the program prints
  throw new Error('the server ended before it listened');
}
