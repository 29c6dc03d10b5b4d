import { createPrivateKey, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import { integer, objectIdentifier, octetString, sequence } from '../../../../asn1/der-writer.ts';
import { generateKey, type KeyAlgorithm } from '../../../../pki/key-algorithm.ts';

/** How an RSA key is made. */
export interface RsaKeyOptions {
  readonly publicExponent?: number;
}

/** An RSA key, made once per process and used again: it takes longer than everything else in a scenario. */
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

/** Another key of the kind of a PKI's key: an impostor needs one, since a key of another kind is rejected for its kind. */
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

/**
 * A new DSA key of 2,048 bits in the group of RFC 5114 2.3. Node.js looks for a new group each time, which takes it 0.1 to 0.8 s, and a key in
 * a known one takes 1.4 ms (measured on Node 26.10).
 */
export function generateDsaKey(): KeyObject {
  const secret = BigInt(`0x01${randomBytes(30).toString('hex')}`); // 241 bits: above 0, below the order of 256 bits
  const algorithm = sequence(objectIdentifier('1.2.840.10040.4.1'), group);
  const key = Buffer.from(sequence(integer(0), algorithm, octetString(integer(secret))));
  return createPrivateKey({ key, format: 'der', type: 'pkcs8' });
}

const keys = new Map<string, KeyObject>();

/** Dss-Parms (RFC 3279 2.3.2): p, q, g. */
const group = Buffer.from(
  [
    'MIICLAKCAQEAh6jmHbS2Zjz/u9GcZRlZmYzu9ghmDdDyXSzu1ENeOwDgDfjx1hlX1Pr330VhsqowFsPZETQJb6o79Cltgw6afCCeDGSXUXq9WoqdMGvPZ+2R+eZyW',
    '0dYwCLgse9Cdb97bFv8EdRfkIi5QfVOseWbuLw5oL8SMH9cT9twxYGyP3a2Osrhyqa3kC1SUmc1SIoO8TxtmlG/pKs62DR3llJNjvahZ7WkGCXZZ+FE5RQFZCUcys',
    'uD5rSG9rPKP3lxUGAmwLhX9omWKFbe1AEKvQvmIcOjlgpU5xDDdfJjddcBQQOktUMwwZivEmEW0iduEXFfaTh3+tfvCcrbCUrpHhoVlwIhAIz4NkKnCaCXtEeZdkA',
    'SnaKZsaR9HrN1C6MIsP5k9fvTAoIBAD+zLJtzE00LLndQZmDtvUhMp7GPIe8gVAf0eToaC6ElENvBUHe+Rj//T+1KrAu1Vb46bBsMa0exvDdzv36Mb2KQEij4woy7',
    'GKVa4xNBAAplAZb5Mcd6V/Ld9GPl6ewUS3d95iqquKhiisN20oLW7Thk5nmCQo68gx0UNI9vL5GTtQRa8nZxZOHfyWfB+z8uVaS9G//oO5yA0FK5hdGC6grbKjtzE',
    '9P+FMhISx4FJYi5t9K70t8BYZns0G4VV80JFbM1O7tk4Ow3f9AoNw35K1LHiRQozcZ+thhLUj0dskbDL2MHhJDwDvjWR9FI1HlUUV4jJ8/vmMWCZktMD2zEFlk=',
  ].join(''),
  'base64',
);
