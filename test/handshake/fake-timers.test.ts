import { once } from 'node:events';
import http2 from 'node:http2';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import timers from 'node:timers';
import tls from 'node:tls';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { attemptHandshake, createPki, observe, startTlsServer } from '../../src/index.ts';
import { client, connectAndWait, echoServer, observed, pki } from './user-server.ts';

const { setTimeout: realTimeout } = timers; // before it is faked
const other = createPki();
const kinds = {
  tls: (): tls.Server => echoServer(),
  https: (): tls.Server => https.createServer(pki.server().serverTls, (_request, response) => void response.end()),
  http2: (): tls.Server => http2.createSecureServer(pki.server().serverTls, (_request, response) => void response.end()),
} as const;
const alpn = { tls: [], https: ['http/1.1'], http2: ['h2'] } as const;
const versions = ['TLSv1.2', 'TLSv1.3'] as const;
const rows = (['tls', 'https', 'http2'] as const).flatMap((kind) => versions.map((version) => [kind, version] as const));

beforeEach(() => {
  vi.useFakeTimers({
    now: 0,
    toFake: [
      'setTimeout',
      'clearTimeout',
      'setInterval',
      'clearInterval',
      'setImmediate',
      'clearImmediate',
      'queueMicrotask',
      'Date',
      'performance',
      'hrtime',
    ],
  });
});
afterEach(() => void vi.useRealTimers());

describe.for(rows)('with every timer faked, a %s server over %s', ([kind, version]) => {
  const options = { minVersion: version, maxVersion: version };

  test('records a client that refuses it as one that refused, and a good one as accepted', async () => {
    const server = await observed(kinds[kind]());
    const ALPNProtocols = [...alpn[kind]];

    await connectAndWait(server, { ...client.tls, ...options, ALPNProtocols, ca: other.anchors }, () => {});
    const refused = await attemptHandshake(server, { identity: client, trust: other, ...options });
    const good = await attemptHandshake(server, { identity: client, ...options });

    expect(await server.nextHandshake()).toBeRejected({ by: 'client' });
    expect(refused).toBeRejected({ by: 'client', reason: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY' });
    expect(good).toBeAccepted();
    expect(server.handshakes.slice(1)).toEqual([refused, good]);
  });

  test('records a client that says nothing in the end', async () => {
    const server = await observed(kinds[kind](), { clientQuietPeriod: 30 });
    const ALPNProtocols = [...alpn[kind]];
    const socket = tls.connect({ ...client.tls, ...options, ALPNProtocols, port: server.port, host: server.host, servername: 'localhost' });
    onTestFinished(() => void socket.destroy());
    socket.on('error', () => {});

    expect(await server.nextHandshake()).toMatchObject({ verdict: 'accepted', evidence: 'quiet' });
  });
});

test('with every timer faked, nextHandshake has its time-out', async () => {
  const server = await startTlsServer({ identity: pki.server() });
  onTestFinished(() => server.close());

  await expect(server.nextHandshake({ timeout: 5 })).rejects.toMatchObject({ code: 'NO_HANDSHAKE' });
});

test('with every timer faked, close ends connections and comes to its own end', async () => {
  const server = await startTlsServer({ identity: pki.server() });
  const socket = tls.connect({ ...client.tls, port: server.port, host: server.host, servername: 'localhost' });
  socket.on('error', () => {}).resume();
  await once(socket, 'secureConnect');
  const closed = once(socket, 'close');

  await server.close();

  await closed;
  expect(server.server.listening).toBe(false);
});

test('with every timer faked, close that cannot come to an end says so', async () => {
  const own = echoServer();
  own.listen(0, '127.0.0.1');
  await once(own, 'listening');
  const port = (own.address() as AddressInfo).port;
  const early = tls.connect({ ...client.tls, port, host: '127.0.0.1', servername: 'localhost' });
  early.on('error', () => {}).resume();
  onTestFinished(() => void early.destroy());
  await once(early, 'secureConnect');
  const closing = await observe(own)
    .close()
    .catch((error: unknown) => error);

  expect(closing).toMatchObject({ code: 'SERVER_CLOSE_TIMEOUT', facts: { open: 1 } });
});

describe.for(versions)('with every timer faked, an endpoint over %s', (version) => {
  const options = { minVersion: version, maxVersion: version };

  test.for([
    ['closes the connection 50 ms after the handshake has rejected the client', true],
    ['does not has accepted it', false],
  ] as const)('that %s', async ([, hangsUp]) => {
    const endpoint = tls.createServer({ ...pki.server().serverTls, rejectUnauthorized: false }, (socket) => {
      socket.on('error', () => {}).resume();
      if (hangsUp) realTimeout(() => socket.end(), 50);
    });
    endpoint.listen(0, '127.0.0.1');
    await once(endpoint, 'listening');
    onTestFinished(() => void endpoint.close());
    const target = { host: '127.0.0.1', port: (endpoint.address() as AddressInfo).port, servername: 'localhost' };

    const attempt = await attemptHandshake(target, { identity: client, ...options });

    expect(attempt).toMatchObject(hangsUp ? { verdict: 'rejected', rejectedBy: 'server' } : { verdict: 'accepted' });
  });
});
