// Opens more and more connections from a child process to a server in this one, observed or bare, and prints at each size how many are open, the milliseconds that it
// took to open all of them, and the resident kilobytes that they cost here.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import tls from 'node:tls';
import { fileURLToPath } from 'node:url';
import { createPki, observe, type ObservedServer } from '../../../src/index.ts';

const warmUp = 50;
const atOnce = 50;
const [, , kind = 'observed', sizes = '10,100', port] = process.argv;

if (port === undefined) await serve(sizes.split(',').map(Number));
else hold(Number(port));

async function serve(counts: readonly number[]): Promise<void> {
  const pki = createPki();
  const gate = createGate();
  const server = tls.createServer(pki.server().serverTls, (socket) => {
    socket.on('error', () => {});
    socket.once('data', () => gate.opened());
  });
  const observed = kind === 'observed' ? observe(server) : undefined;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port: listening } = server.address() as AddressInfo; // it listens on a port
  const child = fork(fileURLToPath(import.meta.url), [kind, sizes, String(listening)], {
    env: { ...process.env, CLIENT: JSON.stringify(pki.client().tls) },
  });

  await open(child, warmUp, gate); // code and caches are warm
  const before = resident();
  let milliseconds = 0;
  for (const count of counts) {
    milliseconds += await open(child, warmUp + count, gate);
    process.stdout.write(`${count} ${milliseconds} ${resident() - before}\n`);
  }
  if (observed) requireAll(observed, warmUp + Math.max(...counts));
  child.kill();
  process.exit(0);
}

/** Milliseconds until the given number is open in all. */
async function open(child: ChildProcess, count: number, gate: Gate): Promise<number> {
  const start = performance.now();
  child.send(count);
  await gate.reached(count);
  return performance.now() - start;
}

interface Gate {
  opened(): void;
  reached(count: number): Promise<void>;
}

function createGate(): Gate {
  let count = 0;
  let waiting: { readonly count: number; readonly resolve: () => void } | undefined;
  return {
    opened: () => {
      count += 1;
      if (waiting && count >= waiting.count) waiting.resolve();
    },
    reached: (goal) => (count >= goal ? Promise.resolve() : new Promise((resolve) => (waiting = { count: goal, resolve }))),
  };
}

function requireAll({ handshakes }: ObservedServer, count: number): void {
  const accepted = handshakes.filter(({ verdict, clientCertificate }) => verdict === 'accepted' && clientCertificate);
  if (accepted.length !== count) throw new Error(`${accepted.length} of ${count} connections were recorded`);
}

function hold(target: number): void {
  const options = JSON.parse(process.env['CLIENT'] ?? '') as tls.ConnectionOptions; // the parent wrote it
  let held = 0;
  process.on('message', (count: number) => void openUpTo(count));

  async function openUpTo(count: number): Promise<void> {
    while (held < count) {
      const more = Math.min(atOnce, count - held);
      await Promise.all(Array.from({ length: more }, connect));
      held += more;
    }
  }

  async function connect(): Promise<void> {
    const socket = tls.connect({ ...options, port: target, host: '127.0.0.1', servername: 'localhost' });
    await once(socket, 'secureConnect');
    socket.write('x');
  }
}

function resident(): number {
  globalThis.gc?.();
  globalThis.gc?.();
  return process.memoryUsage().rss / 1024;
}
