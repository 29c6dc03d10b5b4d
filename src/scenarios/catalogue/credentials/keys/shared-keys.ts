import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { generateKey, type KeyAlgorithm } from '../../../../pki/key-algorithm.ts';
import { generateDsaKey } from './dsa-key.ts';

/** How an RSA key is made. */
export interface RsaKeyOptions {
  readonly publicExponent?: number;
}

/** An RSA key of so many bits: made once per process and used again, for it takes longer than everything else in a scenario. */
export function rsaKey(bits: number, { publicExponent = 65_537 }: RsaKeyOptions = {}): KeyObject {
  return shared(`rsa ${bits} ${publicExponent}`, () => generateKeyPairSync('rsa', { modulusLength: bits, publicExponent }).privateKey);
}

/** A key for RSASSA-PSS with any hash. */
export function rsaPssKey(): KeyObject {
  return shared('rsa-pss', () => generateKeyPairSync('rsa-pss', { modulusLength: 2048 }).privateKey);
}

/** A key for RSASSA-PSS that is restricted to SHA-1. */
export function rsaPssSha1Key(): KeyObject {
  const options = { modulusLength: 2048, hashAlgorithm: 'sha1', mgf1HashAlgorithm: 'sha1' };
  return shared('rsa-pss sha1', () => generateKeyPairSync('rsa-pss', options).privateKey);
}

/** A DSA key of 2,048 bits. */
export function dsaKey(): KeyObject {
  return shared('dsa', generateDsaKey);
}

/** Another key of the kind of a PKI's key: who impersonates an authority needs one, for the kind alone would give it away. */
export function keyLike(key: KeyObject): KeyObject {
  const type: string = key.asymmetricKeyType ?? '';
  const { modulusLength = 2048, namedCurve = '' } = key.asymmetricKeyDetails ?? {};
  if (type === 'rsa') return rsaKey(modulusLength);
  if (type === 'rsa-pss') return rsaPssKey();
  if (type === 'ec') return shared(`ec ${namedCurve}`, () => generateKeyPairSync('ec', { namedCurve }).privateKey);
  return shared(type, () => generateKey(type as KeyAlgorithm)); // the other kinds of a PKI's keys are called like their type
}

function shared(name: string, make: () => KeyObject): KeyObject {
  let key = keys.get(name);
  if (!key) keys.set(name, (key = make()));
  return key;
}

const keys = new Map<string, KeyObject>();
