import { once } from 'node:events';
import type net from 'node:net';
import tls from 'node:tls';
import { beforeAll, describe, expect, test } from 'vitest';
import { attemptHandshake, type Handshake, startTlsServer } from '../../../../src/index.ts';
import { chainRefusals } from './chain-refusals.ts';
import { other, past, pki, tls12 } from './make-refusals.ts';
import { otherRefusals } from './other-refusals.ts';

const shapes = [...chainRefusals, ...otherRefusals];

describe('the next step names the cause of this very refusal', () => {
  let seen: readonly { readonly reason: string | undefined; readonly step: string }[] = [];

  beforeAll(async () => {
    const handshakes = await Promise.all(shapes.map(async ({ handshake }) => handshake()));
    seen = handshakes.map((handshake) => ({ reason: handshake.reason, step: nextStepOf(handshake) }));
  });

  test.for(shapes.map((shape, at) => [shape.name, shape, at] as const))('%s', ([, { reason, words }, at]) => {
    expect(seen[at]?.reason).toBe(reason);
    expect(seen[at]?.step).toMatch(words);
    expect(seen.filter(({ step }, place) => place !== at && words.test(step))).toEqual([]);
  });
});

describe('where only an alert was seen, the next step concerns what its sender judged', () => {
  test.for(['TLSv1.3', 'TLSv1.2'] as const)('by a server, over %s', async (version) => {
    const only = { minVersion: version, maxVersion: version };
    await using server = await startTlsServer({ identity: pki.server() });
    const endpoint = { host: server.host, port: server.port };

    const unknown = await attemptHandshake(endpoint, { identity: other.client('bob'), trust: pki, ...only });
    const old = await attemptHandshake(endpoint, { identity: pki.client('bob', { notAfter: past }), ...only });

    expect(unknown).toBeRejected({ by: 'server', alert: 'unknown_ca' });
    expect(nextStepOf(unknown)).toMatch(
      /^the server does not trust "[^"]*CN=elsewhere root CA", the root of the client's certificate "CN=bob"/u,
    );
    expect(old).toBeRejected({ by: 'server', alert: 'certificate_expired' });
    expect(nextStepOf(old)).toMatch(/^the client's certificate "CN=bob" expired at/u);
  });

  test('by a client', async () => {
    await using server = await startTlsServer({ identity: pki.server() });
    const socket = tls.connect({
      host: server.host,
      port: server.port,
      servername: 'localhost',
      ...pki.client().tls,
      ca: other.anchors,
      ...tls12,
    });
    socket.on('error', () => {});
    const seen = await server.nextHandshake();

    expect(seen.rejectedBy).toBe('client');
    expect(nextStepOf(seen)).toMatch(/client/u);
    expect(nextStepOf(seen)).not.toMatch(/pki\.client\(\)|the client's certificate/u);
  });
});

test('a server that completed the handshake and then hung up probably verified afterwards', async () => {
  const server = tls.createServer({ ...pki.server().serverTls, rejectUnauthorized: false }, (socket) => socket.end());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo; // it listens on TCP

  const handshake = await attemptHandshake({ host: '127.0.0.1', port }, { identity: pki.client(), ...tls12 });
  server.close();

  expect(handshake).toBeRejected({ by: 'server' });
  expect(nextStepOf(handshake)).toBe(
    'the server completed the handshake and then closed the connection: it probably verified afterwards; look at its log',
  );
});

test('the next step for a client that was accepted unverified says why it could not be verified', async () => {
  await using server = await startTlsServer({ identity: pki.server(), clientAuth: 'request' });

  const control = await attemptHandshake(server, { identity: pki.client() });
  const old = await attemptHandshake(server, { identity: pki.client('bob', { notAfter: past }) });

  expect(control.explain()).not.toContain('  next ');
  expect(nextStepOf(old)).toMatch(/set clientAuth: "require" .* the client's certificate "CN=bob" expired at/u);
});

test('a certificate that was given and not sent is named as not sent, with the reason', async () => {
  await using server = await startTlsServer({ identity: pki.server(), clientAuth: 'none' });

  const text = (await attemptHandshake(server, { identity: pki.client('alice') })).explain();

  expect(text).toMatch(/^ {2}client .*alice.*, not sent: the server did not ask for one$/mu);
});

/** The line `next`, with those that it runs on to. */
function nextStepOf(handshake: Handshake): string {
  const text = /^ {2}next +(.*(?:\n {14}.*)*)$/mu.exec(handshake.explain())?.[1] ?? 'no next step';
  return text.replaceAll(/\s+/gu, ' ');
}
