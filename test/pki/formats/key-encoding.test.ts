import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { generateKey, type KeyAlgorithm } from '../../../src/pki/key-algorithm.ts';
import { encodePkcs8Pem, encodeSpki } from '../../../src/pki/formats/key-encoding.ts';

const mlDsa: readonly KeyAlgorithm[] = Number.parseInt(process.versions.node, 10) < 24 ? [] : ['ml-dsa-44']; // which Node 22 does not have

test.for<KeyAlgorithm>(['ed25519', 'rsa-2048', 'rsa-pss-2048', ...mlDsa])(
  'a key of %s is encoded octet for octet as Node exports it',
  expectSame,
);

// Often enough to meet numbers with leading zeros.
describe.for<KeyAlgorithm>(['ec-p256', 'ec-p384', 'ec-p521'])('keys of %s', (algorithm) => {
  test.for([1, 2, 3, 4])('are encoded octet for octet as Node exports them (hundred number %i)', () => {
    for (let round = 0; round < 100; round += 1) expectSame(algorithm);
  });
});

function expectSame(algorithm: KeyAlgorithm): void {
  const key = generateKey(algorithm);

  expect(encodePkcs8Pem(key)).toBe(key.export({ type: 'pkcs8', format: 'pem' }));
  expect(Buffer.from(encodeSpki(key))).toEqual(createPublicKey(key).export({ type: 'spki', format: 'der' }));
}

test('a curve without a short cut is left to Node', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'secp256k1' });

  expect(Buffer.from(encodeSpki(privateKey))).toEqual(publicKey.export({ type: 'spki', format: 'der' }));
  expect(encodePkcs8Pem(privateKey)).toBe(privateKey.export({ type: 'pkcs8', format: 'pem' }));
});
