import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { integer, nullValue, objectIdentifier, octetString, sequence } from '../../../src/asn1/der-writer.ts';
import { encodePem } from '../../../src/asn1/pem.ts';
import { identityFromPem } from '../../../src/pki/formats/identity-from-pem.ts';
import { createPki } from '../../../src/pki/pki.ts';
import { readPrivateKey } from '../../../src/pki/formats/private-key-pem.ts';

const pki = createPki();
const alice = pki.client('alice');
const ec = createPrivateKey(alice.keyPem);
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const encrypted = ec.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'pass' }).toString();
const pkcs1 = rsa.export({ type: 'pkcs1', format: 'pem', cipher: 'aes-128-cbc', passphrase: 'pass' }).toString();
const indented = (pem: string): string => pem.replaceAll(/^/gmu, '  ');
const scheme = (oid: string): string =>
  encodePem(
    'ENCRYPTED PRIVATE KEY',
    sequence(sequence(objectIdentifier(oid), sequence(octetString(Buffer.alloc(8)), integer(2048))), octetString(Buffer.alloc(64))),
  );

test.for<readonly [string, string | Uint8Array, string | undefined]>([
  ['indented', indented(alice.keyPem), undefined],
  ['behind its certificate', alice.certificatePem.trimEnd() + alice.keyPem, undefined],
  ['in bytes', Buffer.from(alice.keyPem), undefined],
  ['as DER of PKCS#8', ec.export({ type: 'pkcs8', format: 'der' }), undefined],
  ['as DER of SEC1', ec.export({ type: 'sec1', format: 'der' }), undefined],
  ['encrypted and indented', indented(encrypted), 'pass'],
  ['as DER, encrypted', ec.export({ type: 'pkcs8', format: 'der', cipher: 'aes-256-cbc', passphrase: 'pass' }), 'pass'],
])('a key is read %s', ([, input, passphrase]) => {
  expect(readPrivateKey(input, passphrase).equals(ec)).toBe(true);
});

test('a key of PKCS#1 is read as DER, and encrypted with its headers indented', () => {
  expect(readPrivateKey(rsa.export({ type: 'pkcs1', format: 'der' }), undefined).equals(rsa)).toBe(true);
  expect(readPrivateKey(indented(pkcs1), 'pass').equals(rsa)).toBe(true);
});

describe('a key that cannot be read is refused with the cause, and the next good one is read', () => {
  test.for<readonly [string, string, string | undefined, RegExp]>([
    ['encrypted with MD5 and DES', scheme('1.2.840.113549.1.5.3'), 'pass', /encrypted with pbeWithMD5AndDES-CBC.*does not support/u],
    ['encrypted with RC4', scheme('1.2.840.113549.1.12.1.1'), 'pass', /encrypted with pbeWithSHA1And128BitRC4.*does not support/u],
    ['encrypted with an unknown scheme', scheme('1.2.3'), 'pass', /encrypted with 1\.2\.3,.*does not support/u],
    ['encrypted with DES after RFC 1421', pkcs1.replace('AES-128-CBC', 'DES-CBC'), 'pass', /encrypted with DES-CBC,.*does not support/u],
    ['encrypted, without a passphrase', encrypted, undefined, /the passphrase is missing/u],
    ['encrypted, with another passphrase', encrypted, 'other', /the passphrase is wrong/u],
    ['of OpenSSH', encodePem('OPENSSH PRIVATE KEY', Buffer.from('openssh-key-v1')), undefined, /OpenSSH.*ssh-keygen/u],
    ['of OpenPGP', '-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nlQ\n=aaaa\n-----END PGP PRIVATE KEY BLOCK-----', undefined, /OpenPGP/u],
    ['of PuTTY', 'PuTTY-User-Key-File-3: ssh-ed25519\n', undefined, /PuTTY/u],
    ['of a TPM', encodePem('TSS2 PRIVATE KEY', sequence(objectIdentifier('2.23.133.10.1.3'))), undefined, /TPM/u],
    ['a certificate', alice.certificatePem, undefined, /not a private key: it holds a CERTIFICATE/u],
    ['two keys', alice.keyPem + alice.keyPem, undefined, /2 private keys/u],
    [
      'corrupt',
      encodePem('PRIVATE KEY', sequence(integer(0), sequence(objectIdentifier('1.3.101.112')), octetString(Buffer.alloc(3)))),
      undefined,
      /corrupt/u,
    ],
    [
      'of GOST',
      encodePem(
        'PRIVATE KEY',
        sequence(integer(0), sequence(objectIdentifier('1.2.643.7.1.1.1.1'), nullValue()), octetString(Buffer.alloc(32))),
      ),
      undefined,
      /1\.2\.643\.7\.1\.1\.1\.1/u,
    ],
  ])('%s', ([, pem, passphrase, words]) => {
    expect(() => readPrivateKey(pem, passphrase)).toThrow(
      expect.objectContaining({
        code: 'PEM_INVALID',
        facts: expect.objectContaining({ what: 'key', problem: expect.stringMatching(words) }),
      }),
    );
    expect(createPrivateKey(alice.keyPem).asymmetricKeyType).toBe('ec');
  });
});

test.for([
  ['of another type', rsa],
  ['on another curve', generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey],
  ['of the same type', generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey],
  ['of Ed25519', generateKeyPairSync('ed25519').privateKey],
] as const)('after a key %s was refused for a certificate, the next good key of the process is read', ([, key]) => {
  expect(() => identityFromPem({ cert: alice.certificatePem, key })).toThrow(expect.objectContaining({ code: 'KEY_MISMATCH' }));
  expect(createPrivateKey(alice.keyPem).asymmetricKeyType).toBe('ec');
});

test('an error that other code of the process left in OpenSSL is not the error of the next key', () => {
  const [own, other] = [createPublicKey(alice.keyPem), createPublicKey(rsa)];

  expect(own.equals(other)).toBe(false);
  const key = readPrivateKey(alice.keyPem, undefined);

  expect(key.equals(ec)).toBe(true);
});
