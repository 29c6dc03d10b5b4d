import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import tls from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import { createPki, startRelay } from '../../src/index.ts';
import { patience, sized } from './size.ts';

const pki = createPki();
const identity = pki.client('alice');

/** What both ends speak through the relay: TLS has it read what passes, until the verdict. */
const protocols = {
  'octets as they are': {
    listen: (handle: (socket: Duplex) => void) => net.createServer({ allowHalfOpen: true }, handle),
    connect: (port: number): Duplex => net.connect({ port, host: '127.0.0.1', allowHalfOpen: true }),
    handshakes: 0,
  },
  TLS: {
    listen: (handle: (socket: Duplex) => void) => tls.createServer({ ...pki.server().serverTls, allowHalfOpen: true }, handle),
    connect: (port: number): Duplex => tls.connect(halfOpen({ port, servername: 'localhost', ...identity.tls })),
    handshakes: 1,
  },
} as const;

test.for(Object.keys(protocols) as (keyof typeof protocols)[])(
  'a relay changes no octet in either direction: %s',
  { timeout: patience },
  async (name) => {
    const { listen, connect, handshakes } = protocols[name];
    const length = sized({ sample: 32 * mebibyte, soak: 1024 * mebibyte });
    const atServer = Promise.withResolvers<Exchange>();
    const upstream = listen((socket) => atServer.resolve(exchange(socket, length)));
    onTestFinished(() => void upstream.close());
    await once(upstream.listen(0, '127.0.0.1'), 'listening');
    await using relay = await startRelay({ to: { port: (upstream.address() as AddressInfo).port } }); // it listens on a port

    const client = await exchange(connect(relay.port), length);
    const server = await atServer.promise;

    expect(client.received).toBe(server.sent);
    expect(server.received).toBe(client.sent);
    expect(relay.handshakes.map(({ verdict }) => verdict)).toEqual(Array(handshakes).fill('accepted'));
  },
);

/** Node's types lack the option, which `tls.connect` takes as `net.connect` does. */
function halfOpen(options: tls.ConnectionOptions): tls.ConnectionOptions {
  return Object.assign(options, { allowHalfOpen: true });
}

const mebibyte = 1024 * 1024;

/** SHA-256 of what one end sent and received. */
interface Exchange {
  readonly sent: string;
  readonly received: string;
}

async function exchange(socket: Duplex, length: number): Promise<Exchange> {
  const [sent, received] = [createHash('sha256'), createHash('sha256')];
  socket.on('data', (chunk: Buffer) => received.update(chunk));
  const ended = once(socket, 'end');
  for (let left = length; left > 0; left -= mebibyte) {
    const piece = randomBytes(Math.min(left, mebibyte));
    sent.update(piece);
    if (!socket.write(piece)) await once(socket, 'drain');
  }
  socket.end();
  await ended;
  return { sent: sent.digest('hex'), received: received.digest('hex') };
}
