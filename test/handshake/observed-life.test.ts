import { AsyncLocalStorage } from 'node:async_hooks';
import { once } from 'node:events';
import https from 'node:https';
import net, { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import tls from 'node:tls';
import { describe, expect, onTestFinished, test } from 'vitest';
import { attemptHandshake, createPki, observe, startHttpsServer, startTlsServer } from '../../src/index.ts';
import { client, connectAndWait, echoServer, observed, pki } from './user-server.ts';

describe('close', () => {
  test.for([
    ['by its owner', (server: { close(): Promise<void> }) => void server.close()],
    ["by the user's own code", ({ server }: { server: tls.Server }) => void server.close()],
  ] as const)('%s ends calls of nextHandshake that wait, and those to come', async ([, close]) => {
    const server = await startTlsServer({ identity: pki.server() });
    onTestFinished(() => server.close());
    const waiting = server.nextHandshake();

    close(server);

    await expect(waiting).rejects.toMatchObject({ code: 'SERVER_NOT_LISTENING', facts: { state: 'closed' } });
    await expect(server.nextHandshake()).rejects.toMatchObject({ code: 'SERVER_NOT_LISTENING' });
  });

  test('hands out afterwards what had been recorded', async () => {
    const server = await startTlsServer({ identity: pki.server() });
    const attempt = await attemptHandshake(server, { identity: client });

    await server.close();

    expect(await server.nextHandshake()).toBe(attempt);
  });

  test('leaves a server that can be observed again, with its listeners in their order', async () => {
    const own = echoServer();
    const order: string[] = [];
    own.prependListener('connection', () => order.push('first'));
    own.on('connection', () => order.push('last'));
    const listeners = own.listeners('connection');
    const before = observe(own, { identity: pki.server() });
    await before.close();

    expect(own.listeners('connection')).toEqual(listeners);
    const again = await observed(own);
    expect(await attemptHandshake(again, { identity: client })).toBeAccepted();
    expect(order).toEqual(['first', 'last']);
    expect(before.handshakes).toEqual([]);
  });

  test('ends connections of an https server from before it was observed', async () => {
    const own = https.createServer(pki.server().serverTls, (_request, response) => void response.end());
    own.listen(0, '127.0.0.1');
    await once(own, 'listening');
    const early = tls.connect({ ...client.tls, port: (own.address() as AddressInfo).port, host: '127.0.0.1', servername: 'localhost' });
    early.on('error', () => {});
    early.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await once(early, 'data');

    await observe(own).close();

    expect(own.listening).toBe(false);
  });
});

describe("the user's own setSecureContext", () => {
  test.for(['setSecureContext', 'addContext'] as const)('%s: the record names the certificate that was presented', async (method) => {
    const other = createPki();
    const server = await startHttpsServer((_request, response) => void response.end(), { identity: pki.server() });
    onTestFinished(() => server.close());
    const named = other.server({ dns: ['localhost', 'second.test'] });
    if (method === 'setSecureContext') server.server.setSecureContext(named.tls);
    else server.server.addContext('localhost', named.tls);

    const record = await attemptHandshake(server, { identity: other.client() });

    expect(record).toBeAccepted();
    expect(record.serverCertificate?.altNames.dns).toContain('second.test');
    await connectAndWait(
      server,
      { ...other.client().tls },
      (socket) => void socket.end('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'),
    );
    expect(server.handshakes.at(-1)?.serverCertificate?.altNames.dns).toContain('second.test');
  });

  test('stays what it was where rotate replaces another part', async () => {
    const other = createPki();
    const server = await startTlsServer({ identity: pki.server() });
    onTestFinished(() => server.close());
    server.server.setSecureContext(other.server({ commonName: 'second' }).tls);

    server.rotate({ crl: other.crls() });

    expect(server.trust?.trim()).toBe(other.anchors.trim());
    expect(server.identity).toBeUndefined();
    expect(await attemptHandshake(server, { identity: other.client() })).toHaveServerCertificate({ commonName: 'second' });
  });
});

test.skipIf(process.platform === 'win32')('rotate works, and handshakes are handed out, on a unix socket', async () => {
  const own = echoServer();
  const server = observe(own, { identity: pki.server(), context: { ca: pki.anchors } });
  onTestFinished(() => server.close());
  const socketPath = path.join(tmpdir(), `mtls-fixtures-${process.pid}.sock`);
  own.listen(socketPath);
  await once(own, 'listening');

  server.rotate({ identity: pki.server({ commonName: 'next', dns: 'localhost' }) });
  const socket = tls.connect({ ...client.tls, path: socketPath, servername: 'localhost' });
  socket.on('error', () => {}).end('hello');
  const record = await server.nextHandshake();

  expect(record).toBeAccepted();
  expect(record).toHaveServerCertificate({ commonName: 'next' });
});

test.for(['TLSv1.2', 'TLSv1.3'] as const)('events run in the context in which they run on a bare server, over %s', async (version) => {
  const bare = await contextsOf(version, () => {});
  const seen = await contextsOf(version, (server) => void observe(server));

  expect(bare.length).toBeGreaterThan(2);
  expect(seen).toEqual(bare);
});

test('an attempt finds its record although its socket has no port of its own, as where a library wraps net.connect', async () => {
  const original = net.connect;
  onTestFinished(() => void (net.connect = original));
  net.connect = ((...args: Parameters<typeof original>) => {
    const socket = original(...args);
    for (const name of ['localAddress', 'localPort', 'remoteAddress', 'remotePort'])
      Object.defineProperty(socket, name, { get: () => undefined });
    return socket;
  }) as typeof original; // one of its signatures
  const server = await observed(echoServer());

  expect(await attemptHandshake(server, { identity: client })).toBeAccepted();
  expect(await attemptHandshake(server, { identity: pki.client('old', { notAfter: new Date(0) }) })).toBeRejected({
    by: 'server',
    reason: 'CERT_HAS_EXPIRED',
  });
});

test('an attempt ends when the server has decided, and when it gives the connection to no TLS', async () => {
  const never = await observed(echoServer({ handshakeTimeout: 300, SNICallback: () => {} }));
  const full = await observed(echoServer());
  full.server.maxConnections = 1;
  const first = net.connect(full.port, full.host);
  onTestFinished(() => void first.destroy());
  await once(full.server, 'connection');

  expect(await attemptHandshake(never, { identity: client, timeout: 60_000 })).toBeRejected({ by: 'server', reason: 'HANDSHAKE_TIMEOUT' });
  await expect(attemptHandshake(full, { identity: client, timeout: 60_000 })).rejects.toMatchObject({ code: 'CLOSED_BEFORE_TLS' });
});

test.for([
  ['startTlsServer', () => startTlsServer({ identity: pki.server(), ...({ quietPeriod: 100 } as object) })],
  ['observe', async () => observe(tls.createServer(), { quietPeriod: 100 } as object)],
] as const)('%s says what quietPeriod is called on a server', async ([, start]) => {
  await expect(start()).rejects.toMatchObject({ code: 'OPTION_INVALID', message: expect.stringContaining('clientQuietPeriod') });
});

async function contextsOf(version: tls.SecureVersion, arrange: (server: tls.Server) => void): Promise<string[]> {
  const storage = new AsyncLocalStorage<string>();
  const seen: string[] = [];
  const note = (what: string): void => void seen.push(`${what} in ${storage.getStore()}`);
  const server = https.createServer(pki.server().serverTls, (request, response) => {
    storage.run('the request', () => {
      setImmediate(() => {
        note('handler');
        request.socket.once('close', () => note('close'));
        response.once('finish', () => note('finish'));
        response.end('x');
      });
    });
  });
  server.on('secureConnection', () => note('secureConnection'));
  server.on('tlsClientError', () => note('tlsClientError'));
  arrange(server);
  storage.run('the start', () => server.listen(0, '127.0.0.1'));
  await once(server, 'listening');
  const options = { port: (server.address() as AddressInfo).port, host: '127.0.0.1', servername: 'localhost', maxVersion: version };
  await new Promise((resolve, reject) => {
    https.get({ ...options, ...client.tls, agent: false }, (response) => response.resume().on('end', resolve)).on('error', reject);
  });
  const refused = tls.connect({ ...options, ca: pki.anchors });
  refused.on('error', () => {}).resume();
  await new Promise((resolve) => refused.once('close', resolve));
  await new Promise((resolve) => server.close(resolve));
  for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
  return seen;
}
