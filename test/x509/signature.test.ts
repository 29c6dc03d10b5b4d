import { constants, createPublicKey, generateKeyPairSync, type KeyObject, verify } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { canSign, signerFor } from '../../src/x509/signature.ts';

const data = Buffer.from('to be signed');
// RFC 4055 3.1: SHA-256, MGF1 with SHA-256, salt of 32 octets.
const sha256Pss =
  '304106092a864886f70d01010a3034a00f300d06096086480165030402010500a11c301a06092a864886f70d010108300d06096086480165030402010500a203020120';

describe('a key signs as its kind is wont to', () => {
  test.for([
    ['P-256', generateKeyPairSync('ec', { namedCurve: 'P-256' }), 'sha256', '300a06082a8648ce3d040302'],
    ['P-384', generateKeyPairSync('ec', { namedCurve: 'P-384' }), 'sha384', '300a06082a8648ce3d040303'],
    ['P-521', generateKeyPairSync('ec', { namedCurve: 'P-521' }), 'sha512', '300a06082a8648ce3d040304'],
    ['RSA', generateKeyPairSync('rsa', { modulusLength: 2048 }), 'sha256', '300d06092a864886f70d01010b0500'],
    ['Ed25519', generateKeyPairSync('ed25519'), null, '300506032b6570'],
    ['Ed448', generateKeyPairSync('ed448'), null, '300506032b6571'],
  ] as const)('%s', ([, { privateKey }, hash, algorithm]) => {
    const signer = signerFor(privateKey);

    const signature = signer.sign(data);

    expect(canSign(privateKey)).toBe(true);
    expect(Buffer.from(signer.algorithm).toString('hex')).toBe(algorithm);
    expect(verify(hash, data, createPublicKey(privateKey), signature)).toBe(true);
    expect(verify(hash, Buffer.from('something else'), createPublicKey(privateKey), signature)).toBe(false);
  });

  test.skipIf(Number.parseInt(process.versions.node, 10) < 24)('ML-DSA-65', () => {
    const { privateKey } = generateKeyPairSync('ml-dsa-65');
    const signer = signerFor(privateKey);

    expect(canSign(privateKey)).toBe(true);
    expect(Buffer.from(signer.algorithm).toString('hex')).toBe('300b0609608648016503040312');
    expect(verify(null, data, createPublicKey(privateKey), signer.sign(data))).toBe(true);
  });

  test('RSA-PSS, with a salt as long as its hash', () => {
    const { privateKey } = generateKeyPairSync('rsa-pss', { modulusLength: 2048 });
    const signer = signerFor(privateKey);

    const signature = signer.sign(data);
    const check = (saltLength: number) =>
      verify('sha256', data, { key: createPublicKey(privateKey), padding: constants.RSA_PKCS1_PSS_PADDING, saltLength }, signature);

    expect(canSign(privateKey)).toBe(true);
    expect(Buffer.from(signer.algorithm).toString('hex')).toBe(sha256Pss);
    expect(check(32)).toBe(true);
    expect(check(20)).toBe(false);
  });
});

test.for([
  ['X25519', generateKeyPairSync('x25519').privateKey],
  ['DSA', generateKeyPairSync('dsa', { modulusLength: 2048, divisorLength: 256 }).privateKey],
  ['secp256k1', generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).privateKey],
] as const satisfies readonly (readonly [string, KeyObject])[])('a key of %s is not one that it signs with', ([, key]) => {
  expect(canSign(key)).toBe(false);
});
