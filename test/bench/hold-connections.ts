// Opens 1,000 connections to a server in this process, from a child process, and prints the resident kilobytes that each one costs here.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import tls from 'node:tls';
import { fileURLToPath } from 'node:url';
import { createPki, observe, type ObservedServer } from '../../src/index.ts';

const count = 1000;
const [, , kind = 'observed', port] = process.argv;

if (port === undefined) await serve();
else await hold(Number(port));

async function serve(): Promise<void> {
  const pki = createPki();
  let open = 0;
  const server = tls.createServer(pki.server().serverTls, (socket) => {
    socket.on('error', () => {});
    socket.on('data', () => (open += 1));
  });
  let observed: ObservedServer | undefined;
  if (kind === 'observed') observed = observe(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const child = fork(fileURLToPath(import.meta.url), [kind, String((server.address() as AddressInfo).port)], {
    env: { ...process.env, CLIENT: JSON.stringify(pki.client().tls) },
  });

  await new Promise((resolve) => child.once('message', resolve)); // one connection is open: code and caches are warm
  const before = resident();
  child.send('go');
  await new Promise((resolve) => child.once('message', resolve));
  while (open < count) await new Promise((resolve) => setTimeout(resolve, 20));
  const after = resident();
  if (
    observed &&
    observed.handshakes.filter(({ verdict, clientCertificate }) => verdict === 'accepted' && clientCertificate).length !== count
  )
    throw new Error('not every connection was recorded');
  process.stdout.write(`${((after - before) / 1024 / (count - 1)).toFixed(1)}\n`);
  child.kill();
  process.exit(0);
}

async function hold(target: number): Promise<void> {
  const options = JSON.parse(process.env['CLIENT'] ?? '') as tls.ConnectionOptions;
  const open = async (): Promise<void> => {
    const socket = tls.connect({ ...options, port: target, host: '127.0.0.1', servername: 'localhost' });
    await once(socket, 'secureConnect');
    socket.write('x');
  };
  await open();
  process.send?.('one');
  await once(process, 'message');
  for (let opened = 1; opened < count; opened += 50) await Promise.all(Array.from({ length: Math.min(50, count - opened) }, open));
  process.send?.('all');
}

function resident(): number {
  globalThis.gc?.();
  globalThis.gc?.();
  return process.memoryUsage().rss;
}
