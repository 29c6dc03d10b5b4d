import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const projectRoot: string = fileURLToPath(new URL('../../', import.meta.url));

/** Vitest in a process group of its own, as a shell would start it. */
export function startVitest(options: readonly string[], environment: NodeJS.ProcessEnv): ChildProcess {
  const vitest = path.join(projectRoot, 'node_modules/vitest/vitest.mjs');
  const env = { ...process.env, ...environment };
  return spawn(process.execPath, [vitest, 'run', ...options], { cwd: projectRoot, env, stdio: 'ignore', detached: true });
}

/** How it ended: its status, or the signal that ended it. */
export function ended(child: ChildProcess): Promise<number | NodeJS.Signals | null> {
  return new Promise((resolve, reject) => child.on('close', (status, signal) => resolve(status ?? signal)).on('error', reject));
}
