import { once } from 'node:events';
import https from 'node:https';
import net from 'node:net';
import type tls from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import { attemptHandshake, type ObservedServer } from '../../src/index.ts';
import { client, echoServer, observed, pki } from './user-server.ts';

const probes = [
  ['ends', (socket: net.Socket) => socket.end()],
  ['destroys', (socket: net.Socket) => socket.destroy()],
  ['resets', (socket: net.Socket) => socket.resetAndDestroy()],
] as const;
const servers = [
  ['tls', (options: tls.TlsOptions) => echoServer(options)],
  [
    'https',
    (options: tls.TlsOptions) => https.createServer({ ...pki.server().serverTls, ...options }, (_request, response) => void response.end()),
  ],
] as const;

test.for(servers.flatMap(([kind, create]) => probes.map(([how, leave]) => [kind, how, create, leave] as const)))(
  '%s: a connection that %s without an octet is not a handshake',
  async ([, , create, leave]) => {
    const server = await observed(create({}));

    await probe(server, leave);

    const attempt = await attemptHandshake(server, { identity: client });
    expect(await server.nextHandshake()).toBe(attempt);
    expect(server.handshakes).toEqual([attempt]);
  },
);

test.for(servers)('%s: nor is one that a handshake time-out ends', async ([, create]) => {
  const own = create({ handshakeTimeout: 1000 });
  own.on('tlsClientError', (_error, socket) => void socket.destroy());
  const server = await observed(own);

  await probe(server, () => {});

  expect(server.handshakes).toEqual([]);
  expect(await attemptHandshake(server, { identity: client })).toBeAccepted();
});

test.for(servers)("%s: nor is one that the server's own code ends, although an attempt there is refused", async ([, create]) => {
  const own = create({});
  own.on('connection', (raw) => void raw.end());
  own.on('tlsClientError', (_error, socket) => void socket.destroy());
  const server = await observed(own);

  await probe(server, () => {});
  const refused = await attemptHandshake(server, { identity: client });

  expect(refused).toBeRejected({ by: 'server', reason: 'DESTROYED_BY_SERVER' });
  expect(server.handshakes).toEqual([refused]);
});

test('a client that sends an octet is recorded, when it leaves and when its time is up', async () => {
  const own = echoServer({ handshakeTimeout: 100 });
  own.on('tlsClientError', (_error, socket) => void socket.destroy());
  const server = await observed(own);

  await probe(server, (socket) => void socket.end(Buffer.from([22])));
  await probe(server, (socket) => void socket.write(Buffer.from([22])));

  expect(await server.nextHandshake()).toBeRejected({ by: 'client' });
  expect(await server.nextHandshake()).toBeRejected({ by: 'server', reason: 'HANDSHAKE_TIMEOUT' });
});

/** Connects, does something, and waits until the server has closed its end. */
async function probe(server: ObservedServer, act: (socket: net.Socket) => void): Promise<void> {
  const connected = once(server.server, 'connection') as Promise<[net.Socket]>;
  const socket = net.connect(server.port, server.host);
  onTestFinished(() => void socket.destroy());
  socket.on('error', () => {}).resume();
  const [accepted] = await connected;
  const closed = new Promise((resolve) => accepted.once('close', resolve));
  act(socket);
  await closed;
  await new Promise(setImmediate);
  await new Promise(setImmediate);
}
