import { constants, type KeyObject, sign, verify, X509Certificate } from 'node:crypto';
import type { SignatureScheme } from '../../registry/names.ts';
import { formOf, hashOf } from './signature-schemes.ts';

/** What is signed, how, and by which key. */
export interface SignatureInput {
  readonly scheme: SignatureScheme;
  readonly key: KeyObject;
  readonly content: Uint8Array;
  /** In place of the hash of the scheme. */
  readonly hash?: string;
}

/** Signs with a key, as far as its type allows by the scheme: its hash and padding are taken over, so that a scheme which does not fit can be shown to a peer. */
export function makeSignature({ scheme, key, content, hash }: SignatureInput): Buffer {
  return sign(hashFor(key, hash ?? hashOf(scheme)), content, { key, ...paddingFor(scheme, key) });
}

/** Whether a signature is right; false for what cannot be verified with this key at all. */
export function isSignature(signature: Uint8Array, { scheme, key, content, hash }: SignatureInput): boolean {
  try {
    return verify(hashFor(key, hash ?? hashOf(scheme)), content, { key, ...paddingFor(scheme, key) }, signature);
  } catch {
    return false; // OpenSSL does not even try: a modulus that is too small for the hash, and the like
  }
}

/** The public key of a certificate in DER; undefined where there is none to be read. */
export function publicKeyOf(certificate: Uint8Array): KeyObject | undefined {
  try {
    return new X509Certificate(certificate).publicKey;
  } catch {
    return undefined;
  }
}

function hashFor(key: KeyObject, hash = 'sha256'): string | null {
  const type = key.asymmetricKeyType ?? '';
  return type === 'rsa' || type === 'rsa-pss' || type === 'ec' ? hash : null;
}

function paddingFor(scheme: SignatureScheme, key: KeyObject): { padding?: number; saltLength?: number } {
  const isPss = formOf(scheme)?.isPss === true;
  if (key.asymmetricKeyType === 'rsa-pss' || (key.asymmetricKeyType === 'rsa' && isPss))
    return { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
  return key.asymmetricKeyType === 'rsa' ? { padding: constants.RSA_PKCS1_PADDING } : {};
}
