import http from 'node:http';
import https from 'node:https';
import net, { type AddressInfo } from 'node:net';
import tls from 'node:tls';
import { randomBytes } from 'node:crypto';
import { onTestFinished, expect, test } from 'vitest';
import { createPki, startHttpsServer, startTlsServer } from '../../../src/index.ts';
import { runScenario } from '../../../src/scenarios/run/run-scenario.ts';
import type { Endpoint } from '../../../src/handshake/attempt/attempt-options.ts';
import type { StartServer } from '../../../src/scenarios/run/target.ts';
import { onServer } from './scenario.ts';

const pki = createPki({ name: 'broken servers' });
const versions = ['TLSv1.3', 'TLSv1.2'] as const;

test.for(
  versions.flatMap((version) =>
    [
      ['no-client-certificate', 'but it was accepted'],
      ['empty-certificate-list-then-data', 'the request was served: answered "HTTP/1.1 200 OK"'],
      ['sni-unknown-without-certificate', 'but it was accepted'],
      ['sni-absent-without-certificate', 'but it was accepted'],
      ['wrong-certificate-verify', 'never asked for the proof'],
    ].map(([id = '', words = '']) => ({ id, words, version })),
  ),
)('a server that asks for no certificate is flagged by $id over $version', async ({ id, words, version }) => {
  await using server = await startHttpsServer((_request, response) => response.end('ok'), { identity: pki.server(), clientAuth: 'none' });

  const result = await runScenario(onServer(id), { pki, target: server, version });

  expect(result).toMatchObject({ id, status: 'unexpected', message: expect.stringContaining(words) });
});

test.for(versions)('a server that agrees to any application protocol is flagged (%s)', async (version) => {
  await using server = await startTlsServer({ identity: pki.server(), ALPNCallback: ({ protocols }) => protocols[0] });

  const result = await runScenario(onServer('alpn-mismatch'), { pki, target: server, version });

  expect(result).toMatchObject({ status: 'unexpected', handshake: { verdict: 'accepted', alpn: 'mtls-fixtures-unknown' } });
});

test('a server without application protocols is flagged where its user says that it must have one', async () => {
  await using server = await startTlsServer({ identity: pki.server() });
  const scenario = onServer('alpn-mismatch');

  const silent = await runScenario(scenario, { pki, target: server });
  const demanded = await runScenario(scenario, { pki, target: server, expected: { verdict: 'rejected', by: 'server' } });

  expect([silent, demanded]).toMatchObject([{ status: 'not-judged', unsuitable: true }, { status: 'unexpected' }]);
});

test.for(['tls10-only', 'tls11-only'])('a server that still speaks old versions is flagged by %s', async (id) => {
  await using server = await startTlsServer({ identity: pki.server(), minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' });

  const result = await runScenario(onServer(id), { pki, target: server });

  expect(result).toMatchObject({ status: 'unexpected', handshake: { verdict: 'accepted' } });
});

test('a server that agrees to a cipher without encryption is flagged', async () => {
  await using server = await startTlsServer({ identity: pki.server(), ciphers: 'ALL:eNULL@SECLEVEL=0' });

  const result = await runScenario(onServer('no-shared-cipher'), { pki, target: server, version: 'TLSv1.2' });

  expect(result).toMatchObject({ status: 'unexpected', handshake: { verdict: 'accepted', cipher: expect.stringContaining('NULL') } });
});

test.for([
  [
    'serves it',
    (_request: http.IncomingMessage, response: http.ServerResponse) => response.end('ok'),
    'unexpected',
    'served a request in plaintext with 200',
  ],
  [
    'refers to TLS',
    (_request: http.IncomingMessage, response: http.ServerResponse) => response.writeHead(426).end(),
    'as-expected',
    'HTTP 426 in plaintext',
  ],
] as const)('of servers that answer in plaintext on the same port, one that %s is told from others', async ([, handler, status, words]) => {
  const target = await startOnOnePort(http.createServer(handler));

  const result = await runScenario(onServer('plaintext-http-to-tls'), { pki, target });

  expect(result).toMatchObject({ status, message: expect.stringContaining(words) });
});

test('a server that echoes in plaintext is flagged', async () => {
  const target = await startOnOnePort(net.createServer((socket) => void socket.pipe(socket)));

  const result = await runScenario(onServer('plaintext-http-to-tls'), { pki, target, timeout: 2500 });

  expect(result).toMatchObject({ status: 'unexpected', message: expect.stringContaining('echoed') });
});

test.for(
  versions.flatMap((version) => ['resumption-after-revocation', 'resumption-after-anchor-rotation'].map((id) => [id, version] as const)),
)('a server that keeps its ticket keys is flagged by %s over %s', async ([id, version]) => {
  await using server = await startTlsServer({ identity: pki.server(), ticketKeys: randomBytes(48) });

  const result = await runScenario(onServer(id), { pki, target: server, version });

  expect(result).toMatchObject({ status: 'unexpected', handshake: { verdict: 'accepted', resumed: true } });
  expect(server).toMatchObject({ trust: pki.anchors, crl: [] }); // set back
});

test.for(
  versions.flatMap((version) =>
    ['resumption-after-revocation', 'resumption-after-anchor-rotation', 'resumption-across-trust-contexts'].map(
      (id) => [id, version] as const,
    ),
  ),
)('servers that share their ticket keys are flagged by %s over %s', async ([id, version]) => {
  const ticketKeys = randomBytes(48);
  const start: StartServer = ({ identity, trust, crl }) =>
    https.createServer(
      { key: identity.keyPem, cert: identity.chainPem, ca: trust, requestCert: true, ticketKeys, ...(crl && { crl }) },
      (_request, response) => response.end('ok'),
    );

  const result = await runScenario(onServer(id), { pki, target: { start }, version, stack: 'node' });

  expect(result).toMatchObject({ status: 'unexpected', handshake: { verdict: 'accepted', resumed: true } });
});

test('a server that refuses every client after a change is not judged: the session proves nothing then', async () => {
  const start: StartServer = ({ identity, trust }) =>
    startTlsServer({ identity, trust: trust === pki.anchors ? trust : createPki().anchors });

  const result = await runScenario(onServer('resumption-after-anchor-rotation'), { pki, target: { start } });

  expect(result).toMatchObject({ status: 'not-judged', message: expect.stringContaining('valid after the change was refused') });
});

test('a server that lets in the expired certificate itself is not judged by its sessions', async () => {
  await using server = await startTlsServer({ identity: pki.server(), clientAuth: 'request' });

  const result = await runScenario(onServer('resumption-after-expiry'), { pki, target: server });

  expect(result).toMatchObject({ status: 'not-judged', message: expect.stringContaining('does not refuse the expired certificate') });
});

test('a server that takes resumed sessions for authorized is flagged', async () => {
  await using server = await startHttpsServer(
    ({ socket }, response) => {
      const isLetIn = socket instanceof tls.TLSSocket && (socket.authorized || socket.isSessionReused());
      response.writeHead(isLetIn ? 200 : 401).end();
    },
    { identity: pki.server(), clientAuth: 'request' },
  );
  const { host, port } = server;

  const seen = await runScenario(onServer('resumption-without-certificate'), { pki, target: { host, port } });
  const right = await runScenario(onServer('resumption-without-certificate'), { pki, target: server });

  expect(seen).toMatchObject({ status: 'unexpected', message: expect.stringContaining('served once it resumed its session') });
  // Node 22 itself takes it for authorized (nodejs/node#35317): whoever relies on `authorized` there has the hole, and is told.
  const [status, words] = process.versions.node.startsWith('22.')
    ? ['unexpected', 'Node.js 22 and before do so: nodejs/node#35317']
    : ['as-expected', 'did not take one that resumed'];
  expect(right).toMatchObject({ status, message: expect.stringContaining(words) });
});

test('a server that is down after garbage is flagged', async () => {
  await using server = await startTlsServer({ identity: pki.server() });
  server.server.once('tlsClientError', () => server.server.close());

  const result = await runScenario(onServer('garbage-first-flight'), { pki, target: server });

  expect(result).toMatchObject({ status: 'unexpected', message: expect.stringContaining('after it the valid client was refused') });
});

test('a server that compares the host with the handshake does better than is known of its stack', async () => {
  await using server = await startHttpsServer(
    ({ headers }, response) => response.writeHead(headers.host?.startsWith('localhost') === true ? 200 : 421).end(),
    { identity: pki.server() },
  );

  const result = await runScenario(onServer('sni-host-header-mismatch'), { pki, target: server });

  expect(result).toMatchObject({ status: 'as-expected', message: expect.stringContaining('answered "HTTP/1.1 421') });
});

/** A server of mutual TLS, and one of something else in plaintext, behind one port that tells them apart by the first octet. */
async function startOnOnePort(clear: net.Server): Promise<Endpoint> {
  const secure = tls.createServer(pki.server().serverTls, (socket) => socket.pipe(socket).on('error', () => socket.destroy()));
  const [securePort, clearPort] = [await listening(secure), await listening(clear)];
  const both = net.createServer((socket) => {
    socket.once('data', (chunk: Buffer) => {
      const inner = net.connect(chunk[0] === 22 ? securePort : clearPort, '127.0.0.1');
      inner.write(chunk);
      socket.pipe(inner).pipe(socket);
      inner.on('error', () => socket.destroy());
      socket.on('error', () => inner.destroy());
    });
  });
  return { host: '127.0.0.1', port: await listening(both) };
}

/** Listens until the test ends, and gives the port. */
async function listening(server: net.Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port; // it listens on TCP
}
