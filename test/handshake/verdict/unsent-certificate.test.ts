import { describe, expect, test } from 'vitest';
import { whyUnsent } from '../../../src/handshake/verdict/unsent-certificate.ts';
import { attemptHandshake, createPki, type Identity, type KeyAlgorithm, startTlsServer } from '../../../src/index.ts';
import { decodePem } from '../../../src/asn1/pem.ts';

const pki = createPki({ name: 'shop' });

describe.for(['TLSv1.3', 'TLSv1.2'] as const)('over %s', (version) => {
  test.for<[KeyAlgorithm, string, sent: boolean]>([
    ['ec-p256', 'ECDSA+SHA256', true],
    ['rsa-2048', 'ECDSA+SHA256', false],
    ['ed25519', 'ECDSA+SHA256', false],
    ['ec-p256', 'ECDSA+SHA256:ed25519', true],
    ['ed25519', 'ECDSA+SHA256:ed25519', true],
    ['rsa-pss-2048', 'ECDSA+SHA256:rsa_pss_rsae_sha256', false],
    ['ec-p384', 'ECDSA+SHA256', version === 'TLSv1.2'],
  ])('a key %s with the schemes %s: what is said agrees with what the client sent', async ([keyAlgorithm, sigalgs, sent]) => {
    await using server = await startTlsServer({ identity: pki.server(), sigalgs });
    const identity = pki.client('alice', { keyAlgorithm });

    const handshake = await attemptHandshake(server, { identity, minVersion: version, maxVersion: version });
    const message = handshake.messages.find(({ type, sentBy }) => type === 'certificate' && sentBy === 'client');
    const why = whyUnsent(handshake.messages, chainOf(identity));

    expect(message?.type === 'certificate' && message.certificates.length > 0).toBe(sent);
    expect(why?.startsWith(`its key (${keyAlgorithm}) fits none of the signature schemes`)).toBe(sent ? undefined : true);
  });
});

test('a certificate of none of the acceptable CAs is said to be so', async () => {
  await using server = await startTlsServer({ identity: pki.server() });
  const handshake = await attemptHandshake(server, { trust: pki });

  expect(whyUnsent(handshake.messages, chainOf(createPki().client()))).toBe(
    'none of the acceptable CAs that the server names ("O=mtls-fixtures, CN=shop root CA") issued it',
  );
  expect(whyUnsent(handshake.messages, chainOf(pki.client()))).toBeUndefined();
});

function chainOf({ chainPem }: Identity): readonly Uint8Array[] {
  return decodePem(chainPem).map(({ der }) => der);
}
