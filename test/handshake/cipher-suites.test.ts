import { describe, expect, test } from 'vitest';
import { attemptHandshake, createPki, startTlsServer } from '../../src/index.ts';

const ec = createPki();
const rsa = createPki({ keyAlgorithm: 'rsa-2048' });
const past = new Date(Date.now() - 60_000);

/** AEAD, CBC with HMAC, ChaCha20, with ephemeral key exchange and with RSA's: the alert of TLS 1.2 is in the clear under each. */
const suites = [
  ['TLSv1.3', 'TLS_AES_128_GCM_SHA256', ec],
  ['TLSv1.3', 'TLS_AES_256_GCM_SHA384', ec],
  ['TLSv1.3', 'TLS_CHACHA20_POLY1305_SHA256', ec],
  ['TLSv1.2', 'ECDHE-ECDSA-AES128-GCM-SHA256', ec],
  ['TLSv1.2', 'ECDHE-ECDSA-CHACHA20-POLY1305', ec],
  ['TLSv1.2', 'ECDHE-ECDSA-AES256-SHA384', ec],
  ['TLSv1.2', 'ECDHE-RSA-AES256-GCM-SHA384', rsa],
  ['TLSv1.2', 'ECDHE-RSA-AES128-SHA', rsa],
  ['TLSv1.2', 'AES256-GCM-SHA384', rsa],
  ['TLSv1.2', 'AES128-SHA256', rsa],
] as const;

describe.for(suites)('under %s %s', ([version, cipher, pki]) => {
  test('a rejected client receives the reason', async () => {
    await using server = await startTlsServer({ identity: pki.server(), ciphers: cipher, minVersion: version, maxVersion: version });

    const accepted = await attemptHandshake(server, { identity: pki.client(), ciphers: cipher });
    const rejected = await attemptHandshake(server, { identity: pki.client('old', { notAfter: past }), ciphers: cipher });

    expect(accepted).toMatchObject({ verdict: 'accepted', protocol: version, cipher });
    expect(rejected).toBeRejected({ by: 'server', reason: 'CERT_HAS_EXPIRED', alert: 'certificate_expired' });
    expect(rejected).toMatchObject({ protocol: version, cipher });
    // The client's own word for it: OpenSSL decoded the record that took the place of the server's last flight.
    expect(rejected.explain()).toContain('SSL alert number 45');
  });
});
