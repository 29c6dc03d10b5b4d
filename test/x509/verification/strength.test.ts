import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { readDer } from '../../../src/asn1/der-reader.ts';
import { bitString, contextConstructed, integer, nullValue, objectIdentifier, sequence } from '../../../src/asn1/der-writer.ts';
import { encodeSpki } from '../../../src/pki/formats/key-encoding.ts';
import { signerFor } from '../../../src/x509/signature.ts';
import { canSignWith, hasExplicitCurve, isDigestTooWeak, isKeyTooWeak } from '../../../src/x509/verification/strength.ts';

const spki = (key: KeyObject) => readDer(encodeSpki(key), 'key');
const curve = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve }).privateKey;
/** The key of a modulus of this many bits, which cannot sign. */
const rsa = (bits: number) =>
  readDer(
    sequence(
      sequence(objectIdentifier('1.2.840.113549.1.1.1'), nullValue()),
      bitString(sequence(integer(1n << BigInt(bits - 1)), integer(65_537))),
    ),
    'key',
  );
const algorithm = (dotted: string, ...parameters: readonly Uint8Array[]) =>
  readDer(sequence(objectIdentifier(dotted), ...parameters), 'algorithm');

/** The highest security level that a key satisfies. */
function level(key: Parameters<typeof isKeyTooWeak>[0]): number {
  return [5, 4, 3, 2, 1, 0].find((each) => !isKeyTooWeak(key, each)) ?? -1;
}

// EVP_PKEY_get_security_bits of OpenSSL 3.0, which was asked for every length from 512 to 2200 and for every 37th up to 16,000.
test.for([
  [512, 0],
  [1024, 1],
  [1536, 1],
  [2040, 2],
  [2048, 2],
  [3072, 3],
  [4096, 3],
  [7680, 4],
  [8192, 4],
  [15_360, 5],
] as const)('RSA with %i bits satisfies level %i', ([bits, expected]) => {
  expect(level(rsa(bits))).toBe(expected);
});

test.for([
  ['prime192v1', 1],
  ['secp224r1', 2],
  ['P-256', 3],
  ['secp256k1', 3],
  ['P-384', 4],
  ['P-521', 5],
] as const)('a key of the curve %s satisfies level %i', ([name, expected]) => {
  // Named by hand: this library's own encoder knows fewer curves.
  const key = readDer(curve(name).export({ type: 'pkcs8', format: 'der' }), 'key').children[1];
  const named = readDer(sequence(key?.bytes ?? nullValue(), bitString(Uint8Array.of(4))), 'key');

  expect(level(named)).toBe(expected);
  expect(hasExplicitCurve(named)).toBe(false);
});

test('keys of fixed strength satisfy their level', () => {
  expect(level(spki(generateKeyPairSync('ed25519').privateKey))).toBe(3);
  expect(level(spki(generateKeyPairSync('ed448').privateKey))).toBe(4);
});

test('an unknown key, and a modulus too near to a limit, are given up', () => {
  const unknown = readDer(sequence(sequence(objectIdentifier('1.2.3')), bitString(new Uint8Array(1))), 'key');

  expect(() => level(unknown)).toThrow(expect.objectContaining({ code: 'DER_INVALID' }));
  expect(() => level(rsa(1968))).toThrow(/too near/u);
});

describe('signatures', () => {
  const p256 = spki(curve('P-256'));
  const weak = (identifier: ReturnType<typeof algorithm>, atLevel: number, signedKey = p256) =>
    isDigestTooWeak(identifier, { level: atLevel, signedKey });

  test.for([
    ['MD5', '1.2.840.113549.1.1.4', 0],
    ['SHA-1', '1.2.840.10045.4.1', 0],
    ['SHA-224', '1.2.840.10045.4.3.1', 2],
    ['SHA-256', '1.2.840.113549.1.1.11', 3],
    ['SHA-384', '1.2.840.10045.4.3.3', 4],
    ['SHA-512', '1.2.840.113549.1.1.13', 5],
    ['Ed25519', '1.3.101.112', 3],
  ] as const)('with %s (%s) satisfy level %i', ([, dotted, expected]) => {
    expect(weak(algorithm(dotted), expected)).toBe(false);
    expect(expected === 5 || weak(algorithm(dotted), expected + 1)).toBe(true);
  });

  test('of RSA-PSS go by the digest in the parameters, which is SHA-1 where they are silent', () => {
    const pss = (digest: string) => algorithm('1.2.840.113549.1.1.10', sequence(contextConstructed(0, sequence(objectIdentifier(digest)))));

    expect(weak(pss('2.16.840.1.101.3.4.2.1'), 3)).toBe(false);
    expect(weak(pss('2.16.840.1.101.3.4.2.1'), 4)).toBe(true);
    expect(weak(algorithm('1.2.840.113549.1.1.10', sequence()), 1)).toBe(true);
  });

  test('of ML-DSA go by the key that was signed, as OpenSSL has it', () => {
    const mlDsa = algorithm('2.16.840.1.101.3.4.3.17');

    expect(weak(mlDsa, 2)).toBe(false);
    expect(weak(mlDsa, 2, rsa(1024))).toBe(true);
  });

  test('are made by keys of their kind, and RSA-PSS by RSA keys too', () => {
    const key = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    const own = readDer(signerFor(key).algorithm, 'algorithm');

    expect(sign('sha256', Buffer.alloc(0), key)).toBeDefined();
    expect(canSignWith(spki(key), own)).toBe(true);
    expect(canSignWith(spki(key), algorithm('1.2.840.113549.1.1.10'))).toBe(true);
    expect(canSignWith(p256, own)).toBe(false);
  });
});
