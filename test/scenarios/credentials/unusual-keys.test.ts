import { createPrivateKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto';
import { expect, test } from 'vitest';
import { createPki } from '../../../src/index.ts';
import { CredentialDraft } from '../../../src/scenarios/drafts/credential-draft.ts';
import { dsaKey, generateDsaKey, rsaKey, rsaPssKey, rsaPssSha1Key } from '../../../src/scenarios/catalogue/credentials/keys/shared-keys.ts';
import { ecKey } from '../../../src/scenarios/catalogue/credentials/keys/weak-keys.ts';

const pki = createPki({ name: 'unusual' });

test.for<readonly [string, () => KeyObject]>([
  ['DSA', dsaKey],
  ['P-192', () => ecKey('prime192v1')],
  ['P-224', () => ecKey('secp224r1')],
  ['secp256k1', () => ecKey('secp256k1')],
  ['brainpoolP256r1', () => ecKey('brainpoolP256r1')],
  ['Ed448', () => generateKeyPairSync('ed448').privateKey],
  ['RSASSA-PSS', rsaPssKey],
  ['RSASSA-PSS with SHA-1', rsaPssSha1Key],
  ['RSA with 512 bits', () => rsaKey(512)],
  ['RSA with the exponent 3', () => rsaKey(2048, { publicExponent: 3 })],
])('an identity carries a key of %s in its PEM and its certificate', ([, make]) => {
  const key = make();
  const draft = new CredentialDraft('client', pki);
  draft.leaf.key = key;

  const { identity } = draft.arrange();

  expect(createPrivateKey(identity.keyPem).equals(key)).toBe(true);
  expect(identity.certificate.checkPrivateKey(key)).toBe(true);
  expect(pki.client().certificate.checkPrivateKey(key)).toBe(false);
});

test('a DSA key in the known group signs, and is another each time', () => {
  const [key, other] = [generateDsaKey(), generateDsaKey()];
  const data = Buffer.from('signed');

  const signature = sign('sha256', data, key);

  expect(key.asymmetricKeyDetails).toEqual({ modulusLength: 2048, divisorLength: 256 });
  expect(verify('sha256', data, key, signature)).toBe(true);
  expect(verify('sha256', data, other, signature)).toBe(false);
});
