import { once } from 'node:events';
import http2 from 'node:http2';
import https from 'node:https';
import net, { type AddressInfo } from 'node:net';
import tls from 'node:tls';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createPki, observe } from '../../../src/index.ts';

const pki = createPki();
const client = pki.client('alice').tls;
const options = pki.server().serverTls;
const servers = {
  tls: (): tls.Server => tls.createServer(options, (socket) => void socket.resume()),
  https: (): tls.Server => https.createServer(options),
  http2: (): tls.Server => http2.createSecureServer(options),
} as const;
const alpn = { tls: [], https: ['http/1.1'], http2: ['h2'] } as const;
const kinds = ['tls', 'https', 'http2'] as const;
const ways = [
  ['bare', () => {}],
  ['observed', (server: tls.Server) => void observe(server)],
] as const;
const rows = kinds.flatMap((kind) => ways.map(([how, arrange]) => [kind, how, arrange] as const));

describe.for(rows)('a raw socket that is handed to a %s server, %s,', ([kind, , arrange]) => {
  test('gives the listeners of the plain protocol what came before, and none of the ciphertext', async () => {
    const heard: string[] = [];
    const server = servers[kind]();
    arrange(server);
    const ended = Promise.withResolvers<void>();
    server.on('secureConnection', (socket) => {
      socket.on('error', () => {}).on('close', ended.resolve);
    });
    const port = await plainServer((socket) => {
      socket.on('end', () => heard.push('end'));
      socket.on('data', (chunk: Buffer) => {
        heard.push(chunk.toString('latin1'));
        if (heard.length > 1) return;
        socket.write('+OK');
        server.emit('connection', socket);
      });
    });

    const raw = net.connect(port, '127.0.0.1');
    onTestFinished(() => void raw.destroy());
    raw.write('STLS');
    await once(raw, 'data');
    const secure = tls.connect({ ...client, socket: raw, servername: 'localhost', ALPNProtocols: [...alpn[kind]] });
    secure.on('error', () => {}).resume();
    await once(secure, 'secureConnect');
    secure.end('hello');
    await ended.promise;

    expect(heard).toEqual(['STLS']);
  });

  test('closes after the TLS socket above it, where it is destroyed', async () => {
    const order: string[] = [];
    const server = servers[kind]();
    arrange(server);
    const { promise: secured, resolve } = Promise.withResolvers<tls.TLSSocket>();
    server.on('secureConnection', (socket) => {
      socket.on('error', () => {}).on('close', () => order.push('TLS'));
      resolve(socket);
    });
    const { promise: taken, resolve: take } = Promise.withResolvers<net.Socket>();
    const port = await plainServer((socket) => {
      server.emit('connection', socket);
      take(socket);
    });
    const secure = tls.connect({ ...client, port, host: '127.0.0.1', servername: 'localhost', ALPNProtocols: [...alpn[kind]] });
    onTestFinished(() => void secure.destroy());
    secure.on('error', () => {}).resume();
    const [raw, socket] = await Promise.all([taken, secured]);
    const closed = new Promise((done) => {
      raw.on('close', () => {
        order.push(`raw, TLS destroyed: ${socket.destroyed}`);
        setImmediate(done);
      });
    });

    raw.destroy();
    await closed;

    expect(order).toEqual(['TLS', 'raw, TLS destroyed: true']);
  });
});

async function plainServer(onConnection: (socket: net.Socket) => void): Promise<number> {
  const plain = net.createServer((socket) => {
    socket.on('error', () => {});
    onConnection(socket);
    onTestFinished(() => void socket.destroy());
  });
  onTestFinished(() => void plain.close());
  plain.listen(0, '127.0.0.1');
  await once(plain, 'listening');
  return (plain.address() as AddressInfo).port;
}
