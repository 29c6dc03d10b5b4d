import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { ServerConfiguration, StartedServer } from '../../../src/scenarios/run/target.ts';
import { mutualTls } from '../correct-servers.ts';

/** An https server in a process of its own: it serves its usual context to who asks for another name, or its callback throws, which ends the process. */
export async function namesServer(configuration: ServerConfiguration, mode: 'careful' | 'throws'): Promise<StartedServer> {
  const program = fileURLToPath(new URL('names-server.ts', import.meta.url));
  const child = spawn(process.execPath, ['--experimental-strip-types', '--no-warnings', program, mode], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const ended = once(child, 'exit');
  child.stdin.on('error', () => {}); // it ended before it read: there is no port then
  child.stdin.end(JSON.stringify(mutualTls(configuration)));
  for await (const line of createInterface(child.stdout)) {
    const { port } = JSON.parse(line) as { readonly port: number }; // what the program prints
    const close = async (): Promise<void> => {
      child.kill('SIGKILL');
      await ended;
    };
    return { host: '127.0.0.1', port, close };
  }
  throw new Error('the server ended before it listened');
}
