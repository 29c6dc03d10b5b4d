import { alertCode, type AlertName } from '../../../wire/records/alerts.ts';
import { certificateReasons } from './tables/certificate-reasons.ts';
import { engineReasons, otherEngineReason } from './tables/engine-reasons.ts';
import { hostNameReasons } from './tables/host-name-reasons.ts';
import { constraintReasons } from './tables/name-reasons.ts';
import { applicationReason, ownReasons } from './tables/own-reasons.ts';
import type { Reason } from './reason.ts';
import type { Fault, ReasonRow, Rows, VerifyRow } from './reason-row.ts';
import type { Refusal } from './refusal.ts';
import { revocationReasons } from './tables/revocation-reasons.ts';
import { strengthReasons } from './tables/strength-reasons.ts';
import { trustReasons } from './tables/trust-reasons.ts';
import { leafOf } from './wording.ts';

/** Every reason of the verification of a certificate; one without its words, its alert or its next step does not compile. */
const verifyReasons = {
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
} satisfies Rows<VerifyRow>;

/** The reasons of the verification of a certificate. */
export type VerifyReason = keyof typeof verifyReasons;

/** Every reason; one without a next step does not compile, nor does one that is not in the list. */
const reasons: { readonly [R in Reason]: ReasonRow } = { ...verifyReasons, ...hostNameReasons, ...ownReasons, ...engineReasons };

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

/** OpenSSL's words for a reason of the verification; undefined for `UNSPECIFIED`, which stands for several. */
export function wordsOfVerifyReason(reason: VerifyReason): string | undefined {
  return verifyReasons[reason].words;
}

/** OpenSSL's name of what Node calls `UNSPECIFIED`, from the words: `PERMITTED_VIOLATION` for `permitted subtree violation`. */
export function reasonInWords(code: string | undefined, words: string): string | undefined {
  return code === 'UNSPECIFIED' ? codeOf(words, true) : undefined;
}

function rowOf(reason: string | undefined): ReasonRow | undefined {
  return reason !== undefined && Object.hasOwn(reasons, reason) ? reasons[reason as Reason] : undefined; // membership was just tested
}

function verifyRowOf(code: string): VerifyRow | undefined {
  return Object.hasOwn(verifyReasons, code) ? verifyReasons[code as VerifyReason] : undefined; // membership was just tested
}

function codeOf(words: string, hidden: true | undefined): string | undefined {
  return Object.entries<VerifyRow>(verifyReasons).find(([, row]) => row.words === words && row.hidden === hidden)?.[0];
}

/** What Node 24 and 26 put after the words of two codes (src/crypto/crypto_common.cc). */
const advice = /; if the root CA is installed locally, try running Node\.js with\s+--use-system-ca$/u;
