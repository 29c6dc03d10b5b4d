import { createPublicKey, createSecretKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { encodePem } from '../../src/asn1/pem.ts';
import { generateKey, type KeyAlgorithm, privateKeyFrom, requireKeyAlgorithm } from '../../src/pki/key-algorithm.ts';

const lacksMlDsa = Number.parseInt(process.versions.node, 10) < 24;
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const pkcs8 = ec.export({ type: 'pkcs8', format: 'pem' }).toString();

describe('a generated key', () => {
  test.for([
    ['ec-p256', 'ec', { namedCurve: 'prime256v1' }],
    ['ec-p384', 'ec', { namedCurve: 'secp384r1' }],
    ['ec-p521', 'ec', { namedCurve: 'secp521r1' }],
    ['ed25519', 'ed25519', {}],
    ['rsa-2048', 'rsa', { modulusLength: 2048 }],
    ['rsa-3072', 'rsa', { modulusLength: 3072 }],
    ['rsa-4096', 'rsa', { modulusLength: 4096 }],
    ['rsa-pss-2048', 'rsa-pss', { modulusLength: 2048 }],
  ] as const)('of %s is what its name says', ([algorithm, type, details]) => {
    const key = generateKey(algorithm);

    expect(key).toMatchObject({ type: 'private', asymmetricKeyType: type, asymmetricKeyDetails: details });
  });

  test.skipIf(lacksMlDsa).for(['ml-dsa-44', 'ml-dsa-65', 'ml-dsa-87'] as const)('of %s is what its name says', (algorithm) => {
    expect(generateKey(algorithm)).toMatchObject({ type: 'private', asymmetricKeyType: algorithm });
  });

  test.runIf(lacksMlDsa)('of ML-DSA is refused by a runtime without it, and the error names the one that has it', () => {
    const facts = {
      algorithm: 'ml-dsa-44',
      runtime: expect.stringContaining(process.versions.node),
      needs: 'Node.js 24.6 with OpenSSL 3.5',
    };

    expect(() => generateKey('ml-dsa-44')).toThrow(expect.objectContaining({ code: 'KEY_ALGORITHM_UNAVAILABLE', facts }));
  });

  test('is another one each time', () => {
    expect(generateKey('ec-p256').equals(generateKey('ec-p256'))).toBe(false);
  });
});

describe('a key of ML-DSA from another tool', () => {
  /** PKCS#8 with a seed of zeros (RFC 9881 6). */
  const pem = encodePem('PRIVATE KEY', Buffer.from(`3034020100300b060960864801650304031104228020${'00'.repeat(32)}`, 'hex'));

  test.skipIf(lacksMlDsa)('is taken', () => {
    expect(privateKeyFrom(pem).asymmetricKeyType).toBe('ml-dsa-44');
  });

  test.runIf(lacksMlDsa)('is refused by a runtime without it, and the error names the one that has it', () => {
    const facts = expect.objectContaining({ algorithm: 'ml-dsa-44', runtime: expect.stringContaining(process.versions.node) });

    expect(() => privateKeyFrom(pem)).toThrow(expect.objectContaining({ code: 'KEY_ALGORITHM_UNAVAILABLE', facts }));
  });
});

test.for(['', 'rsa', 'rsa-1024', 'EC-P256', 'constructor', '__proto__', 'toString'])(
  'the algorithm "%s" is unknown, and the known ones are named',
  (name) => {
    const unknown = expect.objectContaining({
      code: 'KEY_ALGORITHM_UNKNOWN',
      facts: { algorithm: name, known: expect.arrayContaining(['ec-p256', 'ml-dsa-87']) },
    });
    const algorithm: KeyAlgorithm = JSON.parse(JSON.stringify(name));

    expect(() => {
      requireKeyAlgorithm(name);
    }).toThrow(unknown);
    expect(() => generateKey(algorithm)).toThrow(unknown);
  },
);

describe('a key of the user’s', () => {
  test.for([
    ['a KeyObject', ec],
    ['PKCS#8', pkcs8],
    ['SEC1', ec.export({ type: 'sec1', format: 'pem' }).toString()],
    ['PKCS#8 with CRLF and text around', `Key Attributes\r\n${pkcs8.replaceAll('\n', '\r\n')}\r\n`],
  ] as const)('is taken as %s', ([, given]) => {
    expect(privateKeyFrom(given).equals(ec)).toBe(true);
  });

  test('is taken encrypted, with its passphrase', () => {
    const encrypted = ec.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'pass' }).toString();

    expect(privateKeyFrom(encrypted, 'pass').equals(ec)).toBe(true);
    for (const [passphrase, problem] of [
      [undefined, 'missing'],
      ['', 'wrong'],
      ['wrong', 'wrong'],
    ] as const)
      expect(() => privateKeyFrom(encrypted, passphrase)).toThrow(
        pemInvalid('-----BEGIN ENCRYPTED PRIVATE KEY-----', `the passphrase is ${problem}`),
      );
  });

  test.for([
    ['no PEM', 'secret words', 'text without BEGIN'],
    ['nothing', '', 'text without BEGIN'],
    ['a key without its armour', pkcs8.split('\n').slice(1, -2).join('\n'), 'text without BEGIN'],
    ['a public key', createPublicKey(ec).export({ type: 'spki', format: 'pem' }).toString(), '-----BEGIN PUBLIC KEY-----'],
    ['a damaged key', pkcs8.replace(/.{20}\n-----END/u, '\n-----END'), '-----BEGIN PRIVATE KEY-----'],
  ] as const)('is refused where the text is %s, of which nothing but the armour is quoted', ([, text, quoted]) => {
    expect(() => privateKeyFrom(text)).toThrow(pemInvalid(quoted, 'it is not a private key'));
  });

  test.for([
    ['a public key', createPublicKey(ec), 'public ec'],
    ['a secret key', createSecretKey(Buffer.alloc(16)), 'secret'],
    ['a key that cannot sign', generateKeyPairSync('x25519').privateKey, 'private x25519'],
    ['a curve that TLS does not know', generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).privateKey, 'private ec'],
  ] as const satisfies readonly (readonly [string, KeyObject, string])[])('is refused where the KeyObject is %s', ([, key, value]) => {
    expect(() => privateKeyFrom(key)).toThrow(
      expect.objectContaining({ code: 'OPTION_INVALID', facts: expect.objectContaining({ option: 'key', value }) }),
    );
  });

  test.for(['null', '5', '{}', '[]'])('is refused where it is the value %s', (json) => {
    const value: string = JSON.parse(json);

    expect(() => privateKeyFrom(value)).toThrow(
      expect.objectContaining({ code: 'OPTION_INVALID', facts: expect.objectContaining({ option: 'key' }) }),
    );
  });
});

function pemInvalid(value: string, problem: string): unknown {
  return expect.objectContaining({ code: 'PEM_INVALID', facts: { what: 'key', value, problem: expect.stringContaining(problem) } });
}
