import { once } from 'node:events';
import http2 from 'node:http2';
import https from 'node:https';
import net from 'node:net';
import type tls from 'node:tls';
import { describe, expect, test } from 'vitest';
import { attemptHandshake, observe, type ObservedServer } from '../../../src/index.ts';
import { client, echoServer, observed, pki } from '../user-server.ts';

const past = new Date(Date.now() - 60_000);

describe("a server of the user's own", () => {
  test.for([
    ['tls', (): tls.Server => echoServer()],
    ['https', (): tls.Server => https.createServer(pki.server().serverTls, (_request, response) => void response.end('hello'))],
    ['http2', (): tls.Server => http2.createSecureServer(pki.server().serverTls, (_request, response) => void response.end('hello'))],
  ] as const)('%s is observed as it is', async ([, create]) => {
    const server = await observed(create());

    expect(await attemptHandshake(server, { identity: client })).toBeAccepted();
    expect(await attemptHandshake(server, { identity: pki.client('old', { notAfter: past }) })).toBeRejected({
      by: 'server',
      reason: 'CERT_HAS_EXPIRED',
      alert: 'certificate_expired',
    });
  });

  test('a request over https is recorded by its data, with address and certificate for the handler', async () => {
    const server = await observed(
      https.createServer(pki.server().serverTls, (request, response) => {
        const socket = request.socket as tls.TLSSocket; // an https server's sockets are TLS sockets
        response.end(`${socket.remoteAddress} ${socket.getPeerX509Certificate()?.subject}`);
      }),
    );

    const body = await get(server, client.tls);

    expect(body).toBe('127.0.0.1 CN=alice');
    expect(await server.nextHandshake()).toMatchObject({ verdict: 'accepted', evidence: 'application-data', clientAuthenticated: true });
  });

  test.for(['TLSv1.3', 'TLSv1.2'] as const)(
    "a rejected client of Node's own receives the alert over %s, https included",
    async (maxVersion) => {
      const server = await observed(https.createServer(pki.server().serverTls, (_request, response) => void response.end('hello')));
      const old = pki.client('old', { notAfter: past });

      await expect(get(server, { ...old.tls, maxVersion })).rejects.toThrow(/SSL alert number 45/u);

      expect(await server.nextHandshake()).toBeRejected({ by: 'server', reason: 'CERT_HAS_EXPIRED' });
    },
  );

  test('it observes a connection that a listener of its own was given, paused', async () => {
    const server = await observed(echoServer());
    await using front = await listening(
      net.createServer({ pauseOnConnect: true }, (socket) => void server.server.emit('connection', socket)),
    );

    const handshake = await attemptHandshake({ host: '127.0.0.1', port: front.port }, { identity: client });

    expect(handshake).toBeAccepted();
    expect(await server.nextHandshake()).toBeAccepted();
  });

  test('what it was given as handshake listeners still runs, and none of ours are on it', async () => {
    const seen: string[] = [];
    const server = await observed(echoServer());
    server.server.on('keylog', (line: Buffer) => seen.push(line.toString().split(' ', 1)[0] ?? ''));
    server.server.on('secureConnection', () => seen.push('secureConnection'));

    await attemptHandshake(server, { identity: client });

    expect(seen).toContain('SERVER_TRAFFIC_SECRET_0');
    expect(seen.at(-1) === 'secureConnection' || seen.includes('secureConnection')).toBe(true);
    expect(server.server.listenerCount('tlsClientError')).toBe(0);
    expect(server.server.listenerCount('connection')).toBe(1);
  });

  test.for([
    ['a plain TCP server', net.createServer(), 'Server'],
    ['nothing', undefined, 'undefined'],
    ['an object', {}, 'Object'],
  ] as const)('%s cannot be observed', ([, value, described]) => {
    expect(() => observe(value as tls.Server)).toThrow(expect.objectContaining({ code: 'NOT_A_TLS_SERVER', facts: { value: described } }));
  });

  test('cannot be observed twice', async () => {
    const { server } = await observed(echoServer());

    expect(() => observe(server)).toThrow(expect.objectContaining({ code: 'ALREADY_OBSERVED' }));
  });
});

describe('a client that never gets to the end is recorded', () => {
  const raw = async (server: ObservedServer, act: (socket: net.Socket) => void): Promise<void> => {
    const socket = net.connect(server.port, server.host);
    socket.on('error', () => {});
    socket.resume();
    await once(socket, 'connect');
    act(socket);
  };

  test.for([
    [
      'speaks plain HTTP',
      (socket: net.Socket): void => void socket.write('GET / HTTP/1.1\r\n\r\n'),
      'server',
      'HTTP_REQUEST',
      'server-observed',
    ],
    [
      'sends garbage',
      (socket: net.Socket): void => void socket.write(Buffer.alloc(64, 0xab)),
      'server',
      'WRONG_VERSION_NUMBER',
      'server-observed',
    ],
    ['sends one octet and leaves', (socket: net.Socket): void => void socket.end(Buffer.from([22])), 'client', undefined, 'closed'],
    ['sends half a header and leaves', (socket: net.Socket): void => void socket.end(Buffer.from([22, 3])), 'client', undefined, 'closed'],
    [
      'sends half a ClientHello and resets',
      (socket: net.Socket): void =>
        void socket.write(Buffer.from([22, 3, 1, 2, 0, 1]), () => setTimeout(() => socket.resetAndDestroy(), 20)),
      'client',
      undefined,
      'reset',
    ],
  ] as const)('when it %s', async ([, act, by, reason, evidence]) => {
    const server = await observed(echoServer());

    await raw(server, act);
    const handshake = await server.nextHandshake();

    expect(handshake).toBeRejected({ by, ...(reason && { reason }) });
    expect(handshake).toMatchObject({ evidence, resumed: false, clientAuthenticated: false });
    expect(handshake.reason).toBe(reason);
    expect(handshake.explain().split('\n').length).toBeLessThanOrEqual(25);
    expect(server.handshakes).toHaveLength(1);
    expect(await attemptHandshake(server, { identity: client })).toBeAccepted();
  });

  test('when it says no more than an octet until the time is up', async () => {
    const server = await observed(echoServer({ handshakeTimeout: 100 }));

    await raw(server, (socket) => void socket.write(Buffer.from([22])));

    expect(await server.nextHandshake()).toBeRejected({ by: 'server', reason: 'HANDSHAKE_TIMEOUT' });
  });

  test('when the server closes meanwhile', async () => {
    const server = await observed(echoServer());
    const accepted = once(server.server, 'connection') as Promise<[net.Socket]>;
    await raw(server, (socket) => void socket.write(Buffer.from([22])));
    const [socket] = await accepted;
    while (socket.bytesRead === 0) await new Promise((resolve) => setImmediate(resolve));
    const next = server.nextHandshake();

    await server.close();

    expect(await next).toBeRejected({ by: 'server', reason: 'SERVER_CLOSED' });
  });
});

function get(server: ObservedServer, options: https.RequestOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = https.get({ ...options, host: server.host, port: server.port, servername: 'localhost', agent: false }, (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => (body += chunk.toString()));
      response.on('end', () => resolve(body));
    });
    request.on('error', reject);
  });
}

async function listening(server: net.Server): Promise<AsyncDisposable & { readonly port: number }> {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as net.AddressInfo; // it listens on one
  return { port, [Symbol.asyncDispose]: () => new Promise((resolve) => void server.close(() => resolve())) };
}
