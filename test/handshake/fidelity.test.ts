import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import tls from 'node:tls';
import { describe, expect, test } from 'vitest';
import { createPki, observe } from '../../src/index.ts';
import { Tap } from '../../src/wire/tap/tap.ts';
import { recordsOf } from '../../src/wire/records/tls-record.ts';

const pki = createPki();
const otherPki = createPki();
const client = pki.client('alice');

type Act = (socket: tls.TLSSocket, raw: net.Socket) => void;

/** What the client does once TLS stands, and how it connects. */
const behaviors: readonly (readonly [string, tls.ConnectionOptions, Act])[] = [
  ['sends and ends', client.tls, (socket) => socket.end('hello')],
  ['ends without data', client.tls, (socket) => socket.end()],
  ['destroys its socket after an answer', client.tls, (socket) => socket.once('data', () => socket.destroy()).write('hello')],
  ['resets the connection after an answer', client.tls, (socket, raw) => socket.once('data', () => raw.resetAndDestroy()).write('hello')],
  ['leaves while the server is still sending', client.tls, (socket, raw) => socket.once('data', () => raw.destroy()).write('flood')],
  ['ends while the server is still sending, and reads on', client.tls, (socket) => socket.end('flood')],
  ['refuses the server by a check of its own', { ...client.tls, checkServerIdentity: () => new Error('no') }, () => {}],
  ['does not trust the server', { ...client.tls, ca: otherPki.anchors }, () => {}],
  ['presents no certificate', { ca: pki.anchors }, () => {}],
  ['is of an unknown CA', { ...otherPki.client().tls, ca: pki.anchors }, (socket) => socket.write('hello')],
  ['speaks another application protocol', { ...client.tls, ALPNProtocols: ['other'] }, () => {}],
];

describe.for(['TLSv1.3', 'TLSv1.2'] as const)('with a client over %s', (version) => {
  test.for(behaviors)("that %s, the user's listeners and the peer see what they see of a bare server", async ([, options, act]) => {
    const bare = await eventsOf(false, { ...options, minVersion: version, maxVersion: version }, act);
    const observed = await eventsOf(true, { ...options, minVersion: version, maxVersion: version }, act);

    expect(observed).toEqual(bare);
  });
});

/** Runs one connection against a server of the user's own and returns what its listeners were given. */
async function eventsOf(isObserved: boolean, options: tls.ConnectionOptions, act: Act): Promise<string[]> {
  const events: string[] = [];
  const server = tls.createServer({ ...pki.server().serverTls, ALPNProtocols: ['echo'] }, (socket) => {
    events.push(
      `secureConnection authorized=${socket.authorized} alpn=${String(socket.alpnProtocol)} server=${(socket as { server?: unknown }).server === server}`,
    );
    events.push(
      `remote ${socket.remoteFamily} ${socket.remoteAddress} port=${typeof socket.remotePort} local port=${socket.localPort === (server.address() as AddressInfo).port}`,
    );
    socket.setNoDelay(true).setKeepAlive(true);
    socket.on('data', (data) => {
      events.push(`data ${data.toString()}`);
      socket.write(data.toString() === 'flood' ? Buffer.alloc(20_000_000) : 'welcome');
    });
    socket.on('end', () => events.push('end'));
    socket.on('error', (error: NodeJS.ErrnoException) => events.push(`error ${error.code}`));
    socket.on('close', (hadError) => events.push(`close ${hadError}`));
  });
  server.on('tlsClientError', (error: NodeJS.ErrnoException) =>
    events.push(`tlsClientError ${error.code} "${error.message.split(':').at(-1)?.trim()}"`),
  );
  server.on('connection', (raw) => events.push(`connection ${raw.remoteFamily}`));
  if (isObserved) observe(server, { rejection: 'silent' });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  const raw = net.connect((server.address() as AddressInfo).port, '127.0.0.1');
  const wire: Buffer[] = [];
  raw.on('data', (bytes: Buffer) => wire.push(bytes));
  // Over a Duplex, so that the raw socket can still be reset.
  const socket = tls.connect({
    ...options,
    socket: new Tap(raw, 'server'),
    servername: 'localhost',
    ALPNProtocols: options.ALPNProtocols ?? ['echo'],
  });
  socket.on('secureConnect', () => act(socket, raw));
  socket.on('error', () => {});
  let received = 0;
  socket.on('data', (data: Buffer) => (received += data.length));
  await new Promise((resolve) => raw.once('close', resolve));
  await new Promise((resolve) => server.close(resolve));
  for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate); // the server's last events follow its close by a turn
  if (received > 1000) return [...events, `the client received ${received === 20_000_000 ? 'everything' : 'a part'}`];
  const types = recordsOf([{ sentBy: 'server', atMs: 0, bytes: Buffer.concat(wire) }]).map(({ type }) => type);
  return [...events, `the server sent ${types.join(', ')}`];
}
