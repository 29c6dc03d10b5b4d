import { alertCode, type AlertName } from '../../../wire/records/alerts.ts';
import { certificateReasons } from './tables/certificate-reasons.ts';
import { engineReasons, otherEngineReason } from './tables/engine-reasons.ts';
import { hostNameReasons } from './tables/host-name-reasons.ts';
import { constraintReasons } from './tables/name-reasons.ts';
import { applicationReason, ownReasons } from './tables/own-reasons.ts';
import type { Fault, ReasonRow, VerifyRow } from './reason-row.ts';
import type { Refusal } from './refusal.ts';
import { revocationReasons } from './tables/revocation-reasons.ts';
import { strengthReasons } from './tables/strength-reasons.ts';
import { trustReasons } from './tables/trust-reasons.ts';
import { leafOf } from './wording.ts';

/** The verify codes that Node names (src/crypto/crypto_common.cc). `UNSPECIFIED` stands for the rest. */
export type NodeVerifyReason =
  | 'UNABLE_TO_GET_ISSUER_CERT'
  | 'UNABLE_TO_GET_CRL'
  | 'UNABLE_TO_DECRYPT_CERT_SIGNATURE'
  | 'UNABLE_TO_DECRYPT_CRL_SIGNATURE'
  | 'UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY'
  | 'CERT_SIGNATURE_FAILURE'
  | 'CRL_SIGNATURE_FAILURE'
  | 'CERT_NOT_YET_VALID'
  | 'CERT_HAS_EXPIRED'
  | 'CRL_NOT_YET_VALID'
  | 'CRL_HAS_EXPIRED'
  | 'ERROR_IN_CERT_NOT_BEFORE_FIELD'
  | 'ERROR_IN_CERT_NOT_AFTER_FIELD'
  | 'ERROR_IN_CRL_LAST_UPDATE_FIELD'
  | 'ERROR_IN_CRL_NEXT_UPDATE_FIELD'
  | 'DEPTH_ZERO_SELF_SIGNED_CERT'
  | 'SELF_SIGNED_CERT_IN_CHAIN'
  | 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'
  | 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'
  | 'CERT_CHAIN_TOO_LONG'
  | 'CERT_REVOKED'
  | 'INVALID_CA'
  | 'PATH_LENGTH_EXCEEDED'
  | 'INVALID_PURPOSE'
  | 'CERT_UNTRUSTED'
  | 'CERT_REJECTED'
  | 'HOSTNAME_MISMATCH'
  | 'UNSPECIFIED';

/** OpenSSL's names of the codes for which Node only says `UNSPECIFIED`, and to which its verification can come. */
export type HiddenVerifyReason =
  // Met on Node 26.10.
  | 'PERMITTED_VIOLATION'
  | 'EXCLUDED_VIOLATION'
  | 'SUBTREE_MINMAX'
  | 'UNSUPPORTED_CONSTRAINT_TYPE'
  | 'UNSUPPORTED_NAME_SYNTAX'
  | 'UNHANDLED_CRITICAL_EXTENSION'
  | 'KEYUSAGE_NO_CERTSIGN'
  | 'EE_KEY_TOO_SMALL'
  | 'CA_KEY_TOO_SMALL'
  | 'CA_MD_TOO_WEAK'
  | 'EC_KEY_EXPLICIT_PARAMS'
  | 'UNHANDLED_CRITICAL_CRL_EXTENSION'
  | 'KEYUSAGE_NO_CRL_SIGN'
  | 'KEYUSAGE_NO_DIGITAL_SIGNATURE'
  | 'PROXY_CERTIFICATES_NOT_ALLOWED'
  | 'PROXY_SUBJECT_NAME_VIOLATION'
  | 'UNNESTED_RESOURCE'
  // Read in OpenSSL, and not met.
  | 'INVALID_NON_CA'
  | 'PROXY_PATH_LENGTH_EXCEEDED'
  | 'INVALID_EXTENSION'
  | 'UNSUPPORTED_CONSTRAINT_SYNTAX'
  | 'UNABLE_TO_GET_CRL_ISSUER'
  | 'DIFFERENT_CRL_SCOPE'
  | 'CRL_PATH_VALIDATION_ERROR'
  | 'SIGNATURE_ALGORITHM_MISMATCH';

type VerifyReasons = { readonly [R in NodeVerifyReason]: VerifyRow & { readonly hidden?: never } } & {
  readonly [R in HiddenVerifyReason]: VerifyRow & { readonly hidden: true };
};

/** Every reason of the verification of a certificate; one without its words, its alert or its next step does not compile. */
const verifyReasons: VerifyReasons = {
  ...trustReasons,
  ...certificateReasons,
  ...strengthReasons,
  ...constraintReasons,
  ...revocationReasons,
  UNSPECIFIED: {
    words: undefined,
    alert: 'certificate_unknown',
    next: (refusal) =>
      `Node has no name for why the ${refusal.judge} refused ${leafOf(refusal)}: ask openssl verify, and give observe() the option context, so that this library can look with the same trust anchors`,
  },
};

/** The rest: reasons of Node's check of the host name, of OpenSSL's handshake, of this library. */
const otherReasons: Readonly<Record<string, ReasonRow>> = { ...hostNameReasons, ...ownReasons, ...engineReasons };

/** The next step for a reason. */
export function adviceFor(refusal: Refusal): string {
  const row = rowOf(refusal.reason);
  if (row) return row.next(refusal);
  return refusal.isEngines ? otherEngineReason(refusal) : applicationReason(refusal);
}

/** The certificates of the refused chain that show the reason. */
export function faultsOf(refusal: Refusal): readonly Fault[] {
  return rowOf(refusal.reason)?.faults?.(refusal) ?? [];
}

/** The alert that OpenSSL's own servers choose for a verify code. */
export function alertForVerifyCode(code: string): number {
  return alertCode(alertNameForVerifyCode(code)) ?? 46;
}

/** The same alert by its name. */
export function alertNameForVerifyCode(code: string): AlertName {
  return verifyRowOf(code)?.alert ?? 'certificate_unknown';
}

/** Whether a code is one that Node gives a client's own refusal: the verify codes that it names, and its JavaScript host-name check. */
export function isVerifyCode(code: string): boolean {
  const row = verifyRowOf(code);
  return (row !== undefined && row.hidden !== true) || code.startsWith('ERR_TLS_CERT_');
}

/** The verify code that Node has for these words of OpenSSL, e.g. `CERT_HAS_EXPIRED` for `certificate has expired`. */
export function verifyCodeOf(message: string): string | undefined {
  return codeOf(message.replace(advice, ''), undefined);
}

/** OpenSSL's name of what Node calls `UNSPECIFIED`, from the words: `PERMITTED_VIOLATION` for `permitted subtree violation`. */
export function reasonInWords(code: string | undefined, words: string): string | undefined {
  return code === 'UNSPECIFIED' ? codeOf(words, true) : undefined;
}

function rowOf(reason: string | undefined): ReasonRow | undefined {
  if (reason === undefined) return undefined;
  return verifyRowOf(reason) ?? (Object.hasOwn(otherReasons, reason) ? otherReasons[reason] : undefined);
}

function verifyRowOf(code: string): VerifyRow | undefined {
  return Object.hasOwn(verifyReasons, code) ? verifyReasons[code as keyof typeof verifyReasons] : undefined; // membership was just tested
}

function codeOf(words: string, hidden: true | undefined): string | undefined {
  return Object.entries(verifyReasons).find(([, row]) => row.words === words && row.hidden === hidden)?.[0];
}

/** What Node 24 and 26 put after the words of two codes (src/crypto/crypto_common.cc). */
const advice = /; if the root CA is installed locally, try running Node\.js with\s+--use-system-ca$/u;
