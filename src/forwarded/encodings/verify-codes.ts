import { invalidOption } from '../../errors/index.ts';
import { type VerifyReason, wordsOfVerifyReason } from '../../handshake/verdict/reasons/reasons.ts';
import type { ForwardedClient } from '../format.ts';
import { certificateOctets } from './certificate-octets.ts';
import { slashName } from './slash-name.ts';

/** What OpenSSL's verification found: its number and its text, of OpenSSL 3. */
export interface VerifyCode {
  readonly number: number;
  readonly text: string;
}

/**
 * The code for `verified`; undefined for a certificate that was verified. `false` is what OpenSSL finds for a certificate of a CA that it does not know. Throws `OPTION_INVALID` for
 * what is not a reason of the verification.
 */
export function verifyCode({ verified, certificates }: Pick<ForwardedClient, 'verified' | 'certificates'>): VerifyCode | undefined {
  if (verified === true) return undefined;
  const reason = verified === false ? unknownAuthority(certificates) : verified;
  if (!isVerifyReason(reason))
    throw invalidOption('verified', verified, "true, false, or OpenSSL's name of the reason, such as CERT_HAS_EXPIRED");
  return { number: numbers[reason], text: wordsOfVerifyReason(reason) ?? unspecified };
}

/** OpenSSL's reason by what was presented: issuers too, a certificate that names itself as its issuer, or a leaf alone. */
function unknownAuthority([leaf, ...issuers]: readonly Uint8Array[]): VerifyReason {
  if (!leaf || issuers.length > 0) return 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY';
  const { subject, issuer } = certificateOctets(leaf);
  return slashName(subject) === slashName(issuer) ? 'DEPTH_ZERO_SELF_SIGNED_CERT' : 'UNABLE_TO_VERIFY_LEAF_SIGNATURE';
}

function isVerifyReason(reason: unknown): reason is VerifyReason {
  return typeof reason === 'string' && Object.hasOwn(numbers, reason);
}

const unspecified = 'unspecified certificate verification error';

/** X509_V_ERR_* (x509_vfy.h of OpenSSL 3.0 to 3.5). */
const numbers: Readonly<Record<VerifyReason, number>> = {
  UNSPECIFIED: 1,
  UNABLE_TO_GET_ISSUER_CERT: 2,
  UNABLE_TO_GET_CRL: 3,
  UNABLE_TO_DECRYPT_CERT_SIGNATURE: 4,
  UNABLE_TO_DECRYPT_CRL_SIGNATURE: 5,
  UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY: 6,
  CERT_SIGNATURE_FAILURE: 7,
  CRL_SIGNATURE_FAILURE: 8,
  CERT_NOT_YET_VALID: 9,
  CERT_HAS_EXPIRED: 10,
  CRL_NOT_YET_VALID: 11,
  CRL_HAS_EXPIRED: 12,
  ERROR_IN_CERT_NOT_BEFORE_FIELD: 13,
  ERROR_IN_CERT_NOT_AFTER_FIELD: 14,
  ERROR_IN_CRL_LAST_UPDATE_FIELD: 15,
  ERROR_IN_CRL_NEXT_UPDATE_FIELD: 16,
  DEPTH_ZERO_SELF_SIGNED_CERT: 18,
  SELF_SIGNED_CERT_IN_CHAIN: 19,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 20,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 21,
  CERT_CHAIN_TOO_LONG: 22,
  CERT_REVOKED: 23,
  PATH_LENGTH_EXCEEDED: 25,
  INVALID_PURPOSE: 26,
  CERT_UNTRUSTED: 27,
  CERT_REJECTED: 28,
  KEYUSAGE_NO_CERTSIGN: 32,
  UNABLE_TO_GET_CRL_ISSUER: 33,
  UNHANDLED_CRITICAL_EXTENSION: 34,
  KEYUSAGE_NO_CRL_SIGN: 35,
  UNHANDLED_CRITICAL_CRL_EXTENSION: 36,
  INVALID_NON_CA: 37,
  PROXY_PATH_LENGTH_EXCEEDED: 38,
  KEYUSAGE_NO_DIGITAL_SIGNATURE: 39,
  PROXY_CERTIFICATES_NOT_ALLOWED: 40,
  INVALID_EXTENSION: 41,
  DIFFERENT_CRL_SCOPE: 44,
  UNNESTED_RESOURCE: 46,
  PERMITTED_VIOLATION: 47,
  EXCLUDED_VIOLATION: 48,
  SUBTREE_MINMAX: 49,
  UNSUPPORTED_CONSTRAINT_TYPE: 51,
  UNSUPPORTED_CONSTRAINT_SYNTAX: 52,
  UNSUPPORTED_NAME_SYNTAX: 53,
  CRL_PATH_VALIDATION_ERROR: 54,
  HOSTNAME_MISMATCH: 62,
  EE_KEY_TOO_SMALL: 66,
  CA_KEY_TOO_SMALL: 67,
  CA_MD_TOO_WEAK: 68,
  PROXY_SUBJECT_NAME_VIOLATION: 72,
  SIGNATURE_ALGORITHM_MISMATCH: 77,
  INVALID_CA: 79,
  EC_KEY_EXPLICIT_PARAMS: 94,
};
