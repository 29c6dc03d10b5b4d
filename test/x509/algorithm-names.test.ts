import { generateKeyPairSync, getCurves, type KeyObject } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { readDer } from '../../src/asn1/der-reader.ts';
import { bitString, contextConstructed, nullValue, objectIdentifier, sequence } from '../../src/asn1/der-writer.ts';
import { algorithmNameOf, keyAlgorithmOf, signatureAlgorithmOf } from '../../src/x509/algorithm-names.ts';

const named = (key: KeyObject): string => keyAlgorithmOf(readDer(key.export({ type: 'spki', format: 'der' }), 'key'));
const rsaPss = '1.2.840.113549.1.1.10';

describe('a key is named as OpenSSL names it', () => {
  const short = new Map([
    ['prime256v1', 'p256'],
    ['secp384r1', 'p384'],
    ['secp521r1', 'p521'],
    ['SM2', 'sm2'],
  ]);

  // Oakley's curves have no object identifier, and those of the WAP Forum no use.
  test.for(getCurves().filter((curve) => !/^Oakley|^wap/u.test(curve)))('on the curve %s', (namedCurve) => {
    expect(named(generateKeyPairSync('ec', { namedCurve }).publicKey)).toBe(`ec-${short.get(namedCurve) ?? namedCurve}`);
  });

  test('on a curve that is spelled out, which has no name', () => {
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1', paramEncoding: 'explicit' });

    expect(named(publicKey)).toBe('ec');
  });

  test.for(['ed25519', 'ed448', 'x25519', 'x448'] as const)('of the kind %s', (type) => {
    expect(named(pairOf(type).publicKey)).toBe(type);
  });

  test('of RSA with the length of its modulus, and without one where the key cannot be read', () => {
    const rsa = (key: Uint8Array): string =>
      keyAlgorithmOf(readDer(sequence(sequence(objectIdentifier('1.2.840.113549.1.1.1'), nullValue()), bitString(key)), 'key'));

    expect(named(generateKeyPairSync('rsa', { modulusLength: 1031 }).publicKey)).toBe('rsa-1031');
    expect(rsa(Buffer.from('30090202 00ff 0203010001'.replaceAll(' ', ''), 'hex'))).toBe('rsa-8');
    for (const damaged of ['', '3000', '30030201', '30040200', '3003040180']) expect(rsa(Buffer.from(damaged, 'hex'))).toBe('rsa');
  });
});

test.for([
  ['1.2.840.10045.4.3.2', 'ecdsa-sha256'],
  ['1.2.840.113549.1.1.14', 'rsa-sha224'],
  ['2.16.840.1.101.3.4.3.2', 'dsa-sha256'],
  ['2.16.840.1.101.3.4.3.18', 'ml-dsa-65'],
  ['2.16.840.1.101.3.4.3.20', 'slh-dsa-sha2-128s'],
  ['2.16.840.1.101.3.4.3.31', 'slh-dsa-shake-256f'],
  ['1.2.156.10197.1.501', 'sm2-sm3'],
  ['1.3.101.113', 'ed448'],
  ['1.2.643.7.1.1.3.2', '1.2.643.7.1.1.3.2'],
] as const)('the signature algorithm %s is %s', ([dotted, name]) => {
  expect(signatureAlgorithmOf(readDer(sequence(objectIdentifier(dotted)), 'algorithm'))).toBe(name);
  expect(algorithmNameOf(dotted) ?? dotted).toBe(name);
});

test.for([
  ['without parameters', [], 'rsa-pss-sha1'],
  ['with empty parameters', [sequence()], 'rsa-pss-sha1'],
  ['with its hash', [sequence(contextConstructed(0, sequence(objectIdentifier('2.16.840.1.101.3.4.2.3'))))], 'rsa-pss-sha512'],
  ['with a hash that has no name', [sequence(contextConstructed(0, sequence(objectIdentifier('1.2.3'))))], 'rsa-pss-1.2.3'],
] as const)('RSASSA-PSS %s is named with the hash (RFC 4055 3.1)', ([, parameters, name]) => {
  expect(signatureAlgorithmOf(readDer(sequence(objectIdentifier(rsaPss), ...parameters), 'algorithm'))).toBe(name);
});

function pairOf(type: 'ed25519' | 'ed448' | 'x25519' | 'x448'): { readonly publicKey: KeyObject } {
  // Node declares each kind on its own.
  return {
    ed25519: () => generateKeyPairSync('ed25519'),
    ed448: () => generateKeyPairSync('ed448'),
    x25519: () => generateKeyPairSync('x25519'),
    x448: () => generateKeyPairSync('x448'),
  }[type]();
}
