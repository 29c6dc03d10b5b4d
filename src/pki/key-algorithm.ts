import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { invalidOption, MtlsFixturesError, textOf } from '../errors/index.ts';
import type { PemInput } from '../x509/pem-input.ts';
import { canSign } from '../x509/signature.ts';
import { algorithmUnavailable, isPemInput, readPrivateKey } from './formats/private-key-pem.ts';

/** Kinds of keys that can be generated. ML-DSA needs Node 24.6 or later with OpenSSL 3.5. */
export type KeyAlgorithm =
  | 'ec-p256'
  | 'ec-p384'
  | 'ec-p521'
  | 'ed25519'
  | 'rsa-2048'
  | 'rsa-3072'
  | 'rsa-4096'
  | 'rsa-pss-2048'
  | 'ml-dsa-44'
  | 'ml-dsa-65'
  | 'ml-dsa-87';

/** Rejects what {@link generateKey} could not generate, before anything is made. */
export function requireKeyAlgorithm(algorithm: string): asserts algorithm is KeyAlgorithm {
  if (typeof algorithm !== 'string' || !Object.hasOwn(generators, algorithm))
    throw new MtlsFixturesError('KEY_ALGORITHM_UNKNOWN', { algorithm: nameLike(textOf(algorithm)), known: Object.keys(generators) });
}

/** A new private key. Throws `KEY_ALGORITHM_UNKNOWN` or, where this Node.js lacks the algorithm, `KEY_ALGORITHM_UNAVAILABLE`. */
export function generateKey(algorithm: KeyAlgorithm): KeyObject {
  requireKeyAlgorithm(algorithm);
  if (!algorithm.startsWith('ml-dsa')) return generators[algorithm]();
  try {
    return generators[algorithm]();
  } catch (cause) {
    throw algorithmUnavailable(algorithm, cause);
  }
}

/**
 * A private key of the user's: a KeyObject, or PEM as text or in bytes (PKCS#8, PKCS#1, SEC1; encrypted with a passphrase), or DER. Throws `PEM_INVALID`, or
 * `KEY_ALGORITHM_UNAVAILABLE` for a key of ML-DSA where this Node.js cannot use it.
 */
export function privateKeyFrom(key: KeyObject | PemInput, passphrase?: string): KeyObject {
  const parsed = isPemInput(key) ? readPrivateKey(key, passphrase) : key;
  if (typeof parsed !== 'object' || parsed === null || parsed.type !== 'private')
    throw invalidOption('key', describeKey(parsed), 'a private KeyObject or PEM text of a private key');
  if (!canSign(parsed)) {
    throw invalidOption('key', describeKey(parsed), 'a key of RSA, RSA-PSS, EC (P-256, P-384, P-521), Ed25519, Ed448 or ML-DSA');
  }
  return parsed;
}

/** Damaged data may hold a whole key where a name belongs, which no message may quote. */
function nameLike(text: string): string {
  return /^[\x20-\x7e]{0,40}$/u.test(text) ? text : 'text that is not a name';
}

function describeKey(key: unknown): string {
  if (typeof key !== 'object' || key === null) return typeof key;
  const { type, asymmetricKeyType } = key as Partial<KeyObject>; // any object reads undefined where these are missing
  return [type ?? 'object', asymmetricKeyType].filter(Boolean).join(' ');
}

const generators: Readonly<Record<KeyAlgorithm, () => KeyObject>> = {
  'ec-p256': () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
  'ec-p384': () => generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey,
  'ec-p521': () => generateKeyPairSync('ec', { namedCurve: 'P-521' }).privateKey,
  ed25519: () => generateKeyPairSync('ed25519').privateKey,
  'rsa-2048': () => generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey,
  'rsa-3072': () => generateKeyPairSync('rsa', { modulusLength: 3072 }).privateKey,
  'rsa-4096': () => generateKeyPairSync('rsa', { modulusLength: 4096 }).privateKey,
  'rsa-pss-2048': () => generateKeyPairSync('rsa-pss', { modulusLength: 2048 }).privateKey,
  'ml-dsa-44': () => generateKeyPairSync('ml-dsa-44').privateKey,
  'ml-dsa-65': () => generateKeyPairSync('ml-dsa-65').privateKey,
  'ml-dsa-87': () => generateKeyPairSync('ml-dsa-87').privateKey,
};
