import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { readDer } from '../asn1/der-reader.ts';
import { decodePem, firstArmour } from '../asn1/pem.ts';
import { MtlsFixturesError, textOf } from '../errors/index.ts';
import { algorithmNameOf } from '../x509/algorithm-names.ts';
import { canSign } from '../x509/signature.ts';

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

/** Refuses what {@link generateKey} could not generate, before anything is made. */
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
    throw unavailable(algorithm, cause);
  }
}

function unavailable(algorithm: string, cause: unknown): MtlsFixturesError {
  const runtime = `Node.js ${process.versions.node} with OpenSSL ${process.versions.openssl}`;
  return new MtlsFixturesError('KEY_ALGORITHM_UNAVAILABLE', { algorithm, runtime, needs: 'Node.js 24.6 with OpenSSL 3.5' }, { cause });
}

/**
 * A private key of the user's: a KeyObject, or PEM text (PKCS#8, PKCS#1, SEC1; encrypted with a passphrase). Throws `PEM_INVALID`, or
 * `KEY_ALGORITHM_UNAVAILABLE` for a key of ML-DSA where this Node.js cannot use it.
 */
export function privateKeyFrom(key: KeyObject | string, passphrase?: string): KeyObject {
  const parsed = typeof key === 'string' ? parsePem(key, passphrase) : key;
  if (typeof parsed !== 'object' || parsed === null || parsed.type !== 'private')
    throw new MtlsFixturesError('OPTION_INVALID', {
      option: 'key',
      value: describeKey(parsed),
      expected: 'a private KeyObject or PEM text of a private key',
    });
  if (!canSign(parsed)) {
    const algorithm = typeof key === 'string' ? mlDsaIn(key) : undefined;
    if (algorithm !== undefined) throw unavailable(algorithm, undefined);
    throw new MtlsFixturesError('OPTION_INVALID', {
      option: 'key',
      value: describeKey(parsed),
      expected: 'a key of RSA, RSA-PSS, EC (P-256, P-384, P-521), Ed25519, Ed448 or ML-DSA',
    });
  }
  return parsed;
}

/** Damaged data may hold a whole key where a name belongs, which no message may quote. */
function nameLike(text: string): string {
  return /^[\x20-\x7e]{0,40}$/u.test(text) ? text : 'text that is no name';
}

function parsePem(pem: string, passphrase: string | undefined): KeyObject {
  try {
    return createPrivateKey(passphrase === undefined ? pem : { key: pem, passphrase });
  } catch (cause) {
    const algorithm = mlDsaIn(pem);
    if (algorithm !== undefined) throw unavailable(algorithm, cause);
    const problem = pem.includes('ENCRYPTED') ? 'it is encrypted and the passphrase is missing or wrong' : 'it is not a private key';
    throw new MtlsFixturesError('PEM_INVALID', { what: 'key', value: firstArmour(pem), problem }, { cause });
  }
}

/** The kind of ML-DSA that PKCS#8 names, where that is what the text holds: Node 22 says of such a key only that it cannot decode it, or nothing at all. */
function mlDsaIn(pem: string): string | undefined {
  try {
    const { children } = readDer(decodePem(pem).find(({ label }) => label === 'PRIVATE KEY')?.der ?? new Uint8Array(), 'key');
    const name = algorithmNameOf(children[1]?.children[0]?.objectIdentifier ?? '') ?? '';
    return name.startsWith('ml-dsa') ? name : undefined;
  } catch {
    return undefined; // whoever asked says what is wrong with the text
  }
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
