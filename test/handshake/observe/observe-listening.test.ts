import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import type tls from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import { attemptHandshake, observe, observeListening, type StartListening } from '../../../src/index.ts';
import { client, echoServer, pki } from '../user-server.ts';

const old = pki.client('old', { notAfter: new Date(Date.now() - 60_000) });
const options = { pki };

/** A framework that makes its server inside, in the ways in which frameworks say that it listens. */
const frameworks: readonly (readonly [string, (create: () => net.Server) => StartListening])[] = [
  [
    'a promise',
    (create) => async () => {
      await new Promise((resolve) => setImmediate(resolve));
      await once(create().listen(0, '127.0.0.1'), 'listening');
    },
  ],
  ['a callback', (create) => (done) => void setImmediate(() => create().listen(0, '127.0.0.1', () => done()))],
  ['nothing but a call of listen', (create) => () => void create().listen(0, '127.0.0.1')],
];

test.for(frameworks)('a server inside a framework that reports it by %s is observed', async ([, startOf]) => {
  await using server = await observeListening(startOf(echoServer), options);

  expect(await attemptHandshake(server, { identity: client })).toMatchObject({ verdict: 'accepted' });
  expect(await attemptHandshake(server, { identity: old })).toMatchObject({
    verdict: 'rejected',
    rejectedBy: 'server',
    reason: 'CERT_HAS_EXPIRED',
    alert: { name: 'certificate_expired' },
  });
  expect(server.handshakes).toHaveLength(2);
});

test('servers that listen meanwhile elsewhere, and those without TLS, are left alone', async () => {
  const [elsewhere, health] = [echoServer(), http.createServer()];
  onTestFinished(() => void [elsewhere, health].map((server) => server.close()));
  const outside = once(elsewhere, 'begin').then(() => elsewhere.listen(0, '127.0.0.1'));

  await using server = await observeListening(async () => {
    elsewhere.emit('begin');
    await outside;
    health.listen(0, '127.0.0.1');
    await once(echoServer().listen(0, '127.0.0.1'), 'listening');
  }, options);

  const address = elsewhere.address() as net.AddressInfo; // it listens on TCP
  expect(await attemptHandshake({ host: '127.0.0.1', port: address.port }, { identity: client })).toMatchObject({ verdict: 'accepted' });
  expect(server.handshakes).toHaveLength(0);
  expect(await attemptHandshake(server, { identity: client })).toMatchObject({ verdict: 'accepted' });
});

test.for([
  ['none', [() => net.createServer()], { listening: [], plain: [expect.stringMatching(/^127\.0\.0\.1:\d+$/u)] }],
  ['two', [echoServer, echoServer], { listening: Array<unknown>(2).fill(expect.stringMatching(/^127\.0\.0\.1:\d+$/u)), plain: [] }],
] as const)('%s with TLS: it is said which ones listen, and they are closed', async ([, create, facts]) => {
  const servers: net.Server[] = create.map((each) => each());

  const observing = observeListening(async () => {
    await Promise.all(servers.map((server) => once(server.listen(0, '127.0.0.1'), 'listening')));
  }, options);

  await expect(observing).rejects.toMatchObject({ code: 'NOT_ONE_TLS_SERVER', facts });
  expect(servers.map(({ listening }) => listening)).toEqual(servers.map(() => false));
});

test('of two servers one of which cannot listen, the other is observed', async () => {
  const taken = net.createServer();
  onTestFinished(() => void taken.close());
  await once(taken.listen(0, '127.0.0.1'), 'listening');
  const { port } = taken.address() as net.AddressInfo; // it listens on TCP

  await using server = await observeListening(async () => {
    await expect(once(echoServer().listen(port, '127.0.0.1'), 'listening')).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await once(echoServer().listen(0, '127.0.0.1'), 'listening');
  }, options);

  expect(await attemptHandshake(server, { identity: client })).toMatchObject({ verdict: 'accepted' });
});

test.for([
  ['throws', () => { throw new TypeError('no port'); }], // prettier-ignore
  ['rejects', () => Promise.reject(new TypeError('no port'))],
  ['calls done with an error', (done: (error: Error) => void) => done(new TypeError('no port'))],
] as const)('a start that %s: its error, and what listened before is closed', async ([, fail]) => {
  const begun = echoServer();

  const observing = observeListening(async (done) => {
    await once(begun.listen(0, '127.0.0.1'), 'listening');
    await (fail as StartListening)(done); // one of the three above
    await new Promise(() => {});
  }, options);

  await expect(observing).rejects.toThrow('no port');
  expect(begun.listening).toBe(false);
});

test('a server that is observed already is not observed again', async () => {
  const begun: tls.Server = echoServer();
  await using first = observe(begun, options);

  const observing = observeListening(() => once(begun.listen(0, '127.0.0.1'), 'listening'), options);

  await expect(observing).rejects.toMatchObject({ code: 'ALREADY_OBSERVED' });
  expect(first.handshakes).toHaveLength(0);
});

test('options are checked before anything is started', async () => {
  let started = false;

  const observing = observeListening(
    () => {
      started = true;
    },
    { rejection: 'loud' as 'alert' },
  );

  await expect(observing).rejects.toMatchObject({ code: 'OPTION_INVALID' });
  expect(started).toBe(false);
});
