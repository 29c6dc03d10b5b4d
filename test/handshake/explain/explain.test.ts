import { describe, expect, test } from 'vitest';
import { inspect } from 'node:util';
import { attemptHandshake, createPki, startTlsServer } from '../../../src/index.ts';

const pki = createPki({ name: 'shop' });

describe('explain', () => {
  test('states the verdict, the evidence, what each end reported, the certificates and the next step', async () => {
    await using server = await startTlsServer({ identity: pki.server() });
    const old = pki.client('bob', { notAfter: new Date(Date.now() - 60_000) });

    const text = (await attemptHandshake(server, { identity: old })).explain();

    expect(text).toMatch(/^Handshake rejected by the server: CERT_HAS_EXPIRED \(alert certificate_expired, 45, sent by the server\)$/mu);
    expect(text).toMatch(/^ {2}evidence +server-observed: the server's own judgement was observed$/mu);
    expect(text).toMatch(/^ {2}session +TLSv1\.3, TLS_\w+, \w+, servername localhost, full handshake, [\d.]+ ms$/mu);
    expect(text).toMatch(/^> +[\d.]+ ms +<-- {2}alert certificate_expired \(45\)$/mu);
    expect(text).toMatch(/^ {2}client +CN=bob \(clientAuth; \S+Z to \S+Z\) {3}<-- expired$/mu);
    expect(text).toMatch(/^ +'- O=mtls-fixtures, CN=shop issuing CA \(CA; \S+Z to \S+Z\)$/mu);
    expect(text).toMatch(/^ {2}server +CN=localhost \(serverAuth; localhost 127\.0\.0\.1 ::1; \S+Z to \S+Z\)$/mu);
    expect(text).toMatch(/^ {2}client API +secureConnect, then .*SSL alert number 45"$/mu);
    expect(text).toMatch(/^ {2}server API +verification failed with CERT_HAS_EXPIRED$/mu);
    expect(text).toMatch(
      /^ {2}next +the client's certificate "CN=bob" expired at \S+Z, and it was \S+Z at the handshake: issue it with a later notAfter$/mu,
    );
    expect(text.split('\n').length).toBeLessThanOrEqual(25);
  });

  test('says that no certificate was presented', async () => {
    await using server = await startTlsServer({ identity: pki.server() });

    const text = (await attemptHandshake(server, { trust: pki })).explain();

    expect(text).toMatch(/^ {2}client +presented no certificate$/mu);
    expect(text).toMatch(/^ {2}next +the client presented no certificate, and the server requires one: pass identity/mu);
  });

  test('marks what is wrong with a certificate that was let in all the same', async () => {
    await using server = await startTlsServer({ identity: pki.server(), clientAuth: 'request' });
    const old = pki.client('bob', { notAfter: new Date(Date.now() - 60_000) });

    const text = (await attemptHandshake(server, { identity: old })).explain();

    expect(text).toMatch(/^Handshake accepted, although verification failed with CERT_HAS_EXPIRED$/mu);
    expect(text).toMatch(/^ {2}client +CN=bob \(clientAuth; \S+Z to \S+Z\) {3}<-- expired$/mu);
    expect(text).toMatch(/^ {2}next +the server accepts clients that it could not verify; set clientAuth: "require"/mu);
    expect(text.split('\n').length).toBeLessThanOrEqual(25);
  });

  test('says what a server does that asked for a certificate and got none', async () => {
    await using server = await startTlsServer({ identity: pki.server(), clientAuth: 'request' });
    await using careless = await startTlsServer({ identity: pki.server(), clientAuth: 'none' });

    const asked = (await attemptHandshake(server, { trust: pki })).explain();
    const notAsked = (await attemptHandshake(careless, { trust: pki })).explain();

    expect(asked).toMatch(
      /^ {2}next +the server asked for a client certificate, got none, and went on; where it must not, set clientAuth/mu,
    );
    expect(notAsked).not.toContain('next');
  });

  test('has no next step for a handshake that is as it was meant to be', async () => {
    await using server = await startTlsServer({ identity: pki.server() });

    const text = (await attemptHandshake(server, { identity: pki.client() })).explain();

    expect(text).toMatch(/^Handshake accepted$/mu);
    expect(text).not.toContain('next');
  });
});

test('a handshake prints, serialises and freezes as the value it is', async () => {
  await using server = await startTlsServer({ identity: pki.server() });

  const handshake = await attemptHandshake(server, { identity: pki.client('alice') });

  expect(inspect(handshake)).toContain("verdict: 'accepted'");
  expect(inspect(handshake, { depth: 4 })).toContain("commonName: 'alice'");
  expect(JSON.parse(JSON.stringify(handshake))).toMatchObject({
    verdict: 'accepted',
    clientCertificate: { commonName: 'alice' },
    group: expect.any(String),
  });
  expect(JSON.stringify(handshake)).not.toContain('PRIVATE KEY');
  expect(() => Object.assign(handshake, { verdict: 'rejected' })).toThrow(TypeError);
  expect(handshake.records[0]).toMatchObject({ sentBy: 'client', type: 'handshake' });
});

test('options that explain does not have are refused', async () => {
  await using server = await startTlsServer({ identity: pki.server() });
  const handshake = await attemptHandshake(server, { identity: pki.client() });

  expect(() => handshake.explain({ maskde: true } as never)).toThrow(
    expect.objectContaining({
      code: 'OPTION_INVALID',
      facts: expect.objectContaining({ value: 'maskde', expected: expect.stringContaining('did you mean "masked"?') }),
    }),
  );
  expect(handshake.explain({ masked: true })).toContain('accepted');
});

test('no line of a transcript is longer, whatever the peers send', async () => {
  const longNamed = createPki({ name: 'n'.repeat(40) });
  const many = Array.from({ length: 400 }).map((_, at) => createPki({ name: `${'authority '.repeat(3)}${at}`, intermediates: 0 }));
  const names = Array.from({ length: 400 }).map((_, at) => `host-${at}.${'label.'.repeat(20)}test`);
  await using server = await startTlsServer({
    identity: longNamed.server({ dns: names, commonName: 'c'.repeat(64) }),
    trust: [longNamed, ...many],
    verifyPeer: () => 'because '.repeat(1000),
  });

  const unnamed = await attemptHandshake(server, { identity: longNamed.client('d'.repeat(64)) });
  const refused = await attemptHandshake(server, { identity: longNamed.client('d'.repeat(64)), servername: names[0] ?? '' });
  const unknown = await attemptHandshake(server, {
    identity: createPki().client('d'.repeat(64)),
    trust: longNamed,
    servername: names[0] ?? '',
  });
  const absent = await attemptHandshake(server, { trust: longNamed, servername: names[0] ?? '' });

  expect(unnamed.reason).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
  expect(refused.reason).toBe('APPLICATION_VERIFICATION');
  for (const handshake of [unnamed, refused, unknown, absent]) {
    const lines = handshake.explain().split('\n');
    expect(lines.filter((line) => line.length > 190)).toEqual([]);
    expect(lines.length).toBeLessThanOrEqual(25);
    expect(lines.find((line) => line.startsWith('  next '))).toBeDefined();
  }
});
