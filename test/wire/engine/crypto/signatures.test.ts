import { generateKeyPairSync, verify } from 'node:crypto';
import { expect, test } from 'vitest';
import { isSignature, makeSignature } from '../../../../src/wire/engine/crypto/signatures.ts';

const content = Buffer.from('what a CertificateVerify signs');
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });

test.for([
  ['rsa_pkcs1_md5', rsa, 'md5'],
  ['rsa_pkcs1_sha1', rsa, 'sha1'],
  ['rsa_pkcs1_sha224', rsa, 'sha224'],
  ['rsa_pkcs1_sha256', rsa, 'sha256'],
  ['rsa_pkcs1_sha512', rsa, 'sha512'],
  ['ecdsa_sha1', ec, 'sha1'],
  ['ecdsa_sha224', ec, 'sha224'],
  ['ecdsa_secp256r1_sha256', ec, 'sha256'],
  ['ecdsa_secp521r1_sha512', ec, 'sha512'],
  ['ecdsa_brainpoolP384r1tls13_sha384', ec, 'sha384'],
] as const)('%s signs with the hash that it names', ([scheme, { privateKey, publicKey }, hash]) => {
  const signature = makeSignature({ scheme, key: privateKey, content });

  expect(verify(hash, content, publicKey, signature)).toBe(true);
  expect(verify(hash === 'sha256' ? 'sha384' : 'sha256', content, publicKey, signature)).toBe(false);
  expect(isSignature(signature, { scheme, key: publicKey, content })).toBe(true);
});

test('another hash is signed with where one is given', () => {
  const signature = makeSignature({ scheme: 'rsa_pkcs1_md5', key: rsa.privateKey, content, hash: 'sha384' });

  expect(verify('sha384', content, rsa.publicKey, signature)).toBe(true);
  expect(isSignature(signature, { scheme: 'rsa_pkcs1_md5', key: rsa.publicKey, content })).toBe(false);
});
