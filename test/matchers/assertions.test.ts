import assert from 'node:assert/strict';
import https from 'node:https';
import { describe, expect, test } from 'vitest';
import { attemptHandshake, createPki, startHttpsServer, startTlsServer } from '../../src/index.ts';
import {
  assertAccepted,
  assertAccepts,
  assertFailsHandshake,
  assertHasClientCertificate,
  assertHasServerCertificate,
  assertRejected,
  assertRejects,
} from '../../src/matchers/index.ts';

const pki = createPki();
const past = new Date(Date.now() - 60_000);
const client = pki.client('alice');
const expired = pki.client('bob', { notAfter: past });

/** What an assertion throws. */
function thrownBy(failing: () => void): unknown {
  try {
    failing();
  } catch (error) {
    return error;
  }
  throw new Error('the assertion held');
}

describe('assertions on a handshake', () => {
  test('hold for its verdict, and throw for the opposite with the reason and the transcript', async () => {
    await using server = await startTlsServer({ identity: pki.server() });
    const accepted = await attemptHandshake(server, { identity: client });
    const rejected = await attemptHandshake(server, { identity: expired });

    assertAccepted(accepted);
    assertAccepted(accepted, { evidence: 'server-observed' });
    assertRejected(rejected);
    assertRejected(rejected, { by: 'server', reason: 'CERT_HAS_EXPIRED', alert: 'certificate_expired' });

    const error = thrownBy(() => assertAccepted(rejected));
    expect(error).toBeInstanceOf(assert.AssertionError);
    expect(error).toMatchObject({ code: 'ERR_ASSERTION', operator: 'assertAccepted' });
    expect((error as Error).message).toMatch(/^expected the handshake to be accepted; it was rejected by the server: CERT_HAS_EXPIRED/u);
    expect((error as Error).message).toContain(rejected.explain());
    expect(() => assertRejected(accepted)).toThrow(/^expected the handshake to be rejected; it was accepted/u);
    expect(() => assertRejected(rejected, { reason: 'CERT_REVOKED' })).toThrow(/rejected with reason CERT_REVOKED; it was rejected by/u);
    expect(() => assertRejected(rejected, { by: 'client' })).toThrow(assert.AssertionError);
    expect(() => assertAccepted(accepted, { evidence: 'quiet' })).toThrow(assert.AssertionError);
  });

  test('compare the certificates of both ends, and show the difference', async () => {
    await using server = await startTlsServer({ identity: pki.server() });
    const handshake = await attemptHandshake(server, { identity: client });
    const startsWith = (text: string) => ({ asymmetricMatch: (value: unknown) => typeof value === 'string' && value.startsWith(text) });

    assertHasClientCertificate(handshake, { commonName: 'alice', issuer: { commonName: `${pki.name} issuing CA` } });
    assertHasClientCertificate(handshake, { commonName: startsWith('al') });
    assertHasServerCertificate(handshake, { altNames: { dns: ['localhost'] } });

    expect(handshake.clientCertificate.commonName).toBe('alice');
    expect(thrownBy(() => assertHasClientCertificate(handshake, { commonName: 'bob' }))).toMatchObject({
      actual: { commonName: 'alice' },
      expected: { commonName: 'bob' },
      message: expect.stringContaining(`to have { commonName: 'bob' }; it has { commonName: 'alice' }`),
    });
    expect(() => assertHasClientCertificate(handshake, { commonName: startsWith('bo') })).toThrow(assert.AssertionError);
    expect(() => assertHasServerCertificate(handshake, { altNames: { dns: ['other.test'] } })).toThrow(assert.AssertionError);
  });

  test('reject a value that is not a handshake as misuse', () => {
    const misuse = { code: 'MATCHER_MISUSE', facts: { received: 'a Promise; await it first' } };

    expect(thrownBy(() => assertAccepted(Promise.resolve() as never))).toMatchObject(misuse);
    expect(thrownBy(() => assertRejected(Promise.resolve() as never))).toMatchObject(misuse);
  });
});

test('assertions on a server try the client, after the control', async () => {
  await using server = await startTlsServer({ identity: pki.server() });

  await assertAccepts(server, client);
  await assertRejects(server, expired, { reason: 'CERT_HAS_EXPIRED' });
  await assertRejects(server);
  expect(server.handshakes.map(({ verdict, reason }) => reason ?? verdict)).toEqual([
    'accepted',
    'accepted',
    'CERT_HAS_EXPIRED',
    'accepted',
    'PEER_DID_NOT_RETURN_A_CERTIFICATE',
  ]);

  await expect(assertAccepts(server, expired)).rejects.toThrow(/^expected the server to accept the client; it was rejected by the server/u);
  await expect(assertRejects(server, client)).rejects.toThrow(assert.AssertionError);
});

test('a server that rejects every client fails assertRejects', async () => {
  await using server = await startTlsServer({ identity: pki.server(), verifyPeer: () => 'no client is allowed' });

  await expect(assertRejects(server, expired, { reason: 'CERT_HAS_EXPIRED' })).rejects.toThrow(/the control was rejected too/u);
});

test('an assertion on a call holds for a failed handshake alone', async () => {
  await using server = await startHttpsServer((_request, response) => void response.end('hello'), { identity: pki.server() });
  const call = (options: object) =>
    new Promise((resolve, reject) => {
      https.get(server.url, { ...options, agent: false }, (response) => response.resume().on('end', resolve)).on('error', reject);
    });

  await assertFailsHandshake(call(expired.tls), { by: 'server', alert: 'certificate_expired' });
  await assertFailsHandshake(() => call(expired.tls));

  await expect(assertFailsHandshake(call(client.tls))).rejects.toThrow('expected the call to fail in the handshake; it succeeded');
  await expect(assertFailsHandshake(Promise.reject(new Error('other')))).rejects.toThrow(/does not say that a handshake was re/u);
});
