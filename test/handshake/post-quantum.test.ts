import https from 'node:https';
import { createSecureContext } from 'node:tls';
import { describe, expect, test } from 'vitest';
import { attemptHandshake, createPki, type Handshake, startTlsServer } from '../../src/index.ts';
import { describeClientUnderTest, describeServerUnderTest } from '../../src/vitest/index.ts';

/** ML-DSA came with Node 24.6; the groups came with OpenSSL 3.5, which Node 22 has too, but not since its beginning. */
const hasMlDsa = Number.parseInt(process.versions.node, 10) >= 24;
const algorithms = ['ml-dsa-44', 'ml-dsa-65', 'ml-dsa-87'] as const;
const past = new Date(Date.now() - 60_000);

describe.skipIf(!hasMlDsa).for(algorithms)('identities of %s', (keyAlgorithm) => {
  const scheme = keyAlgorithm.replaceAll('-', '');

  test('authenticate both ends', async () => {
    const pki = createPki({ keyAlgorithm });
    await using server = await startTlsServer({ identity: pki.server() });

    const handshake = await attemptHandshake(server, { identity: pki.client('alice') });

    expect(handshake).toBeAccepted();
    expect(handshake).toMatchObject({ protocol: 'TLSv1.3', clientAuthenticated: true });
    expect(handshake).toHaveClientCertificate({ commonName: 'alice', keyAlgorithm, signatureAlgorithm: keyAlgorithm });
    expect(handshake).toHaveServerCertificate({ commonName: 'localhost', keyAlgorithm, signatureAlgorithm: keyAlgorithm });
    expect(schemesIn(handshake)).toEqual({ server: scheme, client: scheme });
  });

  test('authenticate one end where the other has an EC key', async () => {
    const pki = createPki({ keyAlgorithm });
    await using server = await startTlsServer({ identity: pki.server({ keyAlgorithm: 'ec-p256' }) });

    const handshake = await attemptHandshake(server, { identity: pki.client('alice') });

    expect(handshake).toBeAccepted();
    expect(schemesIn(handshake)).toEqual({ server: 'ecdsa_secp256r1_sha256', client: scheme });
  });

  test('are refused by the server once they have expired', async () => {
    const pki = createPki({ keyAlgorithm });
    await using server = await startTlsServer({ identity: pki.server() });

    await expect(server).toReject(pki.client('bob', { notAfter: past }), { reason: 'CERT_HAS_EXPIRED', alert: 'certificate_expired' });
  });

  test('are refused by the client once they have expired', async () => {
    const pki = createPki({ keyAlgorithm });
    await using good = await startTlsServer({ identity: pki.server() });
    await using expired = await startTlsServer({ identity: pki.server({ notAfter: past }) });

    expect(await attemptHandshake(good, { identity: pki.client() })).toBeAccepted();
    expect(await attemptHandshake(expired, { identity: pki.client() })).toBeRejected({ by: 'client', reason: 'CERT_HAS_EXPIRED' });
  });

  test('of another CA of the same name are refused by either end', async () => {
    const pki = createPki({ name: 'shop', keyAlgorithm });
    const impostor = createPki({ name: 'shop', keyAlgorithm });
    await using server = await startTlsServer({ identity: pki.server() });

    await expect(server).toReject(impostor.client(), { reason: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', alert: 'unknown_ca' });
    const byClient = await attemptHandshake(server, { identity: pki.client().trusting(impostor) });

    expect(byClient).toBeRejected({ by: 'client', reason: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY' });
  });

  test('cannot be used with TLS 1.2, which has no signature of that kind', async () => {
    const pki = createPki({ keyAlgorithm });
    await using server = await startTlsServer({ identity: pki.server() });

    const handshake = await attemptHandshake(server, { identity: pki.client(), maxVersion: 'TLSv1.2' });

    expect(handshake).toBeRejected({ by: 'server', reason: 'NO_SHARED_CIPHER', alert: 'handshake_failure' });
  });
});

describe.skipIf(!hasMlDsa)('the catalogue under a PKI of ML-DSA', () => {
  const pki = hasMlDsa ? createPki({ keyAlgorithm: 'ml-dsa-44' }) : createPki();
  const options = { pki, versions: ['TLSv1.3'], stack: 'node' } as const;

  describeServerUnderTest(
    'a server',
    {
      start: ({ identity, trust, crl }) =>
        https.createServer({ ...identity.tls, ca: trust, crl, requestCert: true, rejectUnauthorized: true }, (_request, response) =>
          response.end(),
        ),
    },
    options,
  );

  describeClientUnderTest(
    'a client',
    ({ url, tls }) =>
      new Promise((resolve, reject) => {
        const call = https.get(url, { ...tls, agent: false, timeout: 5000 }, (response) =>
          response.resume().once('error', reject).once('end', resolve),
        );
        call.once('timeout', () => call.destroy(new Error('it takes too long'))).once('error', reject);
      }),
    options,
  );
});

test.skipIf(hasMlDsa)('a runtime without ML-DSA says so before anything is opened, and names the one that has it', async () => {
  const unavailable = expect.objectContaining({
    code: 'KEY_ALGORITHM_UNAVAILABLE',
    message: expect.stringMatching(/Node\.js 22\..* does not support it; run on Node\.js 24\.6/u),
  });

  for (const keyAlgorithm of algorithms) {
    expect(() => createPki({ keyAlgorithm })).toThrow(unavailable);
    expect(() => createPki().client('alice', { keyAlgorithm })).toThrow(unavailable);
  }
});

describe('the group of the key exchange', () => {
  const pki = createPki();
  /** Of RSA: in TLS 1.2 an EC key has to be on one of the groups too. */
  const [ofServer, ofClient] = [pki.server({ keyAlgorithm: 'rsa-2048' }), pki.client('alice', { keyAlgorithm: 'rsa-2048' })];

  test.for([
    ['X25519MLKEM768', 'TLSv1.3', 'X25519MLKEM768'],
    ['SecP256r1MLKEM768', 'TLSv1.3', 'SecP256r1MLKEM768'],
    ['SecP384r1MLKEM1024', 'TLSv1.3', 'SecP384r1MLKEM1024'],
    ['MLKEM1024', 'TLSv1.3', 'MLKEM1024'],
    ['X25519', 'TLSv1.3', 'x25519'],
    ['X25519', 'TLSv1.2', 'x25519'],
    ['P-256', 'TLSv1.3', 'secp256r1'],
    ['P-384', 'TLSv1.2', 'secp384r1'],
  ] as const)('%s is named, over %s', async ([ecdhCurve, version, group], { skip }) => {
    skip(!hasGroup(ecdhCurve), `${ecdhCurve} is not in OpenSSL ${process.versions.openssl}`);
    const options = { identity: ofClient, ecdhCurve, maxVersion: version } as const;
    await using server = await startTlsServer({ identity: ofServer, ecdhCurve });

    const handshake = await attemptHandshake(server, options);
    await attemptHandshake({ host: server.host, port: server.port }, options);
    const seenByServer = await server.nextHandshake();

    expect(handshake).toBeAccepted();
    expect(handshake).toMatchObject({ protocol: version, group });
    expect(seenByServer.group).toBe(group);
  });

  test('is that of the second hello, where the server asks for another key share', async () => {
    await using server = await startTlsServer({ identity: pki.server(), ecdhCurve: 'P-521' });

    const handshake = await attemptHandshake(server, { identity: pki.client() });

    expect(handshake).toBeAccepted();
    expect(handshake.messages.map(({ type }) => type)).toContain('hello_retry_request');
    expect(handshake.group).toBe('secp521r1');
  });

  test('is post-quantum by default where OpenSSL knows it', async () => {
    await using server = await startTlsServer({ identity: pki.server() });

    const handshake = await attemptHandshake(server, { identity: pki.client() });

    expect(handshake.group).toBe(hasGroup('X25519MLKEM768') ? 'X25519MLKEM768' : 'x25519');
  });

  test('that the runtime does not have is refused before anything is opened', async () => {
    const missing = hasGroup('X25519MLKEM768') ? 'NoSuchGroup' : 'X25519MLKEM768';
    const refused = expect.objectContaining({ code: 'OPTION_INVALID', message: expect.stringContaining('Failed to set ECDH curve') });
    await using server = await startTlsServer({ identity: pki.server() });

    await expect(startTlsServer({ identity: pki.server(), ecdhCurve: missing })).rejects.toThrow(refused);
    await expect(attemptHandshake(server, { identity: pki.client(), ecdhCurve: missing })).rejects.toThrow(refused);
  });
});

function schemesIn({ messages }: Handshake): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(
    messages.flatMap((message) => (message.type === 'certificate_verify' ? [[message.sentBy, message.signatureScheme]] : [])),
  );
}

function hasGroup(ecdhCurve: string): boolean {
  try {
    createSecureContext({ ecdhCurve, ca: '' });
    return true;
  } catch {
    return false;
  }
}
