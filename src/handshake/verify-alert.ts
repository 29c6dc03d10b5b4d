import type { AlertName } from '../wire/alerts.ts';
import { alertCode } from '../wire/alerts.ts';

/** The alert that OpenSSL's own servers choose for a verify code (measured; ssl/statem's table). */
export function alertForVerifyCode(code: string): number {
  return alertCode(alertNameForVerifyCode(code)) ?? 46;
}

/** The same alert by its name. */
export function alertNameForVerifyCode(code: string): AlertName {
  return alerts.get(code) ?? 'certificate_unknown';
}

const alerts: ReadonlyMap<string, AlertName> = new Map<string, AlertName>([
  ['CERT_HAS_EXPIRED', 'certificate_expired'],
  ['CRL_HAS_EXPIRED', 'certificate_expired'],
  ['CERT_REVOKED', 'certificate_revoked'],
  ['CERT_SIGNATURE_FAILURE', 'decrypt_error'],
  ['CRL_SIGNATURE_FAILURE', 'decrypt_error'],
  ['INVALID_PURPOSE', 'unsupported_certificate'],
  ['UNABLE_TO_GET_ISSUER_CERT', 'unknown_ca'],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'unknown_ca'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'unknown_ca'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'unknown_ca'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'unknown_ca'],
  ['UNABLE_TO_GET_CRL', 'unknown_ca'],
  ['INVALID_CA', 'unknown_ca'],
  ['PATH_LENGTH_EXCEEDED', 'unknown_ca'],
  ['CERT_CHAIN_TOO_LONG', 'unknown_ca'],
  ['CERT_NOT_YET_VALID', 'bad_certificate'],
  ['CRL_NOT_YET_VALID', 'bad_certificate'],
  ['CERT_REJECTED', 'bad_certificate'],
  ['CERT_UNTRUSTED', 'bad_certificate'],
  ['HOSTNAME_MISMATCH', 'bad_certificate'],
  ['ERROR_IN_CERT_NOT_BEFORE_FIELD', 'bad_certificate'],
  ['ERROR_IN_CERT_NOT_AFTER_FIELD', 'bad_certificate'],
  ['UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY', 'bad_certificate'],
  ['EE_KEY_TOO_SMALL', 'bad_certificate'],
  ['CA_KEY_TOO_SMALL', 'bad_certificate'],
  ['CA_MD_TOO_WEAK', 'bad_certificate'],
  ['EC_KEY_EXPLICIT_PARAMS', 'bad_certificate'],
  // A server that stops at the first error meets INVALID_CA before it comes to the key usage (measured).
  ['KEYUSAGE_NO_CERTSIGN', 'unknown_ca'],
]);
