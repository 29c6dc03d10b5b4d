import type { KeyObject } from 'node:crypto';
import type { SignatureScheme } from '../../registry/names.ts';

/** How a scheme signs (RFC 8446 4.2.3). */
export interface SchemeForm {
  /** Node's name of the key's type. */
  readonly keyType: string;
  /** The curve that TLS 1.3 ties the scheme to. */
  readonly curve?: string;
  readonly isPss?: true;
  /** Whether only TLS 1.2 signs handshakes with it. */
  readonly tls12Only?: true;
}

/** How a scheme signs; undefined for those that the engine does not know. */
export function formOf(scheme: SignatureScheme): SchemeForm | undefined {
  return forms.get(scheme);
}

/** The hash that a scheme names, those that no handshake of the engine's own is signed with included; undefined where the algorithm has its own. */
export function hashOf(scheme: SignatureScheme): string | undefined {
  return /_(md5|sha\d+)$/u.exec(scheme)?.[1];
}

/** Whether a key can make signatures of a scheme. TLS 1.2 does not tie a curve to a hash (RFC 8422 5.1.1). */
export function fitsKey(scheme: SignatureScheme, key: KeyObject, version: 'TLSv1.2' | 'TLSv1.3'): boolean {
  const form = forms.get(scheme);
  if (!form || key.asymmetricKeyType !== form.keyType) return false;
  if (version === 'TLSv1.2') return true;
  return form.tls12Only !== true && (form.curve === undefined || key.asymmetricKeyDetails?.namedCurve === form.curve);
}

const forms: ReadonlyMap<SignatureScheme, SchemeForm> = new Map<SignatureScheme, SchemeForm>([
  ['ecdsa_secp256r1_sha256', { keyType: 'ec', curve: 'prime256v1' }],
  ['ecdsa_secp384r1_sha384', { keyType: 'ec', curve: 'secp384r1' }],
  ['ecdsa_secp521r1_sha512', { keyType: 'ec', curve: 'secp521r1' }],
  ['ed25519', { keyType: 'ed25519' }],
  ['ed448', { keyType: 'ed448' }],
  ['mldsa44', { keyType: 'ml-dsa-44' }],
  ['mldsa65', { keyType: 'ml-dsa-65' }],
  ['mldsa87', { keyType: 'ml-dsa-87' }],
  ['rsa_pss_pss_sha256', { keyType: 'rsa-pss', isPss: true }],
  ['rsa_pss_pss_sha384', { keyType: 'rsa-pss', isPss: true }],
  ['rsa_pss_pss_sha512', { keyType: 'rsa-pss', isPss: true }],
  ['rsa_pss_rsae_sha256', { keyType: 'rsa', isPss: true }],
  ['rsa_pss_rsae_sha384', { keyType: 'rsa', isPss: true }],
  ['rsa_pss_rsae_sha512', { keyType: 'rsa', isPss: true }],
  ['rsa_pkcs1_sha256', { keyType: 'rsa', tls12Only: true }],
  ['rsa_pkcs1_sha384', { keyType: 'rsa', tls12Only: true }],
  ['rsa_pkcs1_sha512', { keyType: 'rsa', tls12Only: true }],
  ['ecdsa_sha1', { keyType: 'ec', tls12Only: true }],
  ['rsa_pkcs1_sha1', { keyType: 'rsa', tls12Only: true }],
]);

/** What OpenSSL 3.5 offers of these, in its order; those of ML-DSA where this Node.js has them. */
export function defaultSignatureSchemes(): readonly SignatureScheme[] {
  const all: readonly SignatureScheme[] = [...forms.keys()].filter((scheme) => !scheme.endsWith('sha1') && !scheme.startsWith('mldsa'));
  return hasMlDsa() ? ['mldsa65', 'mldsa87', 'mldsa44', ...all] : all;
}

/** OpenSSL has it from 3.5 on. */
function hasMlDsa(): boolean {
  const [major = 0, minor = 0] = process.versions.openssl.split('.').map(Number);
  return major > 3 || (major === 3 && minor >= 5);
}
