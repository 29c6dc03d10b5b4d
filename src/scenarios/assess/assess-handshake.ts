import { verdictSentence } from '../../handshake/verdict/verdict-sentence.ts';
import type { Handshake } from '../../handshake/verdict/handshake.ts';
import { answersCertificate } from '../../handshake/verdict/reasons/tables/alert-reasons.ts';
import type { AlertName } from '../../wire/records/alerts.ts';
import type { ExpectedOutcome } from '../catalogue/scenario.ts';
import { asExpected, type Assessment, describeOutcome, notJudged, unexpected } from '../records/scenario-result.ts';
import { assessOnTheWire } from './assess-on-the-wire.ts';
import type { PresentedCredential, ProtocolHandshake } from './observation.ts';

/** Assesses a credential that was presented to a server under test. */
export function assessPresentedCredential({ handshake, credential }: PresentedCredential, expected: ExpectedOutcome): Assessment {
  const unjudgeable = credential.certificateMessage && assessOnTheWire(handshake, expected, 'client');
  return unjudgeable ?? assessHandshake(handshake, expected);
}

/** Where only the alert was seen, any will do: OpenSSL's s_server answers TLS 1.0 with internal_error, GnuTLS other things otherwise (measured). */
export function assessProtocolHandshake({ handshake }: ProtocolHandshake, expected: ExpectedOutcome): Assessment {
  const { reason, alert } = handshake;
  if (expected.verdict === 'accepted' || reason !== undefined || !alert) return assessHandshake(handshake, expected);
  return assessHandshake(handshake, { ...expected, alert: alert.name as AlertName }); // compared with itself only
}

/**
 * Compares the verdict, the side, the reason where the judging end was observed, and the alert. Where only an alert was seen, any that answers a certificate will do:
 * stacks choose differently.
 */
function assessHandshake(handshake: Handshake, expected: ExpectedOutcome): Assessment {
  const seen = verdictSentence(handshake);
  if (handshake.verdict !== expected.verdict) return unexpected(`expected ${describeOutcome(expected)}, but it was ${seen}`);
  if (expected.verdict === 'accepted') return asExpected(`was ${seen}, as expected`);

  const { rejectedBy, reason, alert } = handshake;
  if (rejectedBy !== undefined && rejectedBy !== expected.by)
    return notJudged(`the ${rejectedBy} refused before the ${expected.by} under test judged: ${seen}`);
  if (reason !== undefined && expected.reason !== undefined && !isSameReason(reason, expected.reason))
    return unexpected(`expected ${describeOutcome(expected)}, but it was refused for another reason: ${seen}`);
  if (reason === undefined && alert && !answersFault(alert.name, expected))
    return unexpected(`expected ${describeOutcome(expected)}, but the alert is not an answer to a certificate: ${seen}`);
  if (reason !== undefined && alert && expected.alert !== undefined && !namesOf(expected).includes(alert.name))
    return unexpected(`expected ${describeOutcome(expected)}, but the alert is another: ${seen}`);
  return asExpected(`was ${seen}, as expected${reason === undefined ? '; the reason was not observed' : ''}`);
}

/** Whether an alert can be an answer to what was presented: one that answers any certificate, or one that is allowed for this very fault. */
export function answersFault(alert: string, expected: Extract<ExpectedOutcome, { readonly verdict: 'rejected' }>): boolean {
  return namesOf(expected).includes(alert) || answersCertificate(alert);
}

function namesOf({ alert, alerts = [] }: Extract<ExpectedOutcome, { readonly verdict: 'rejected' }>): readonly (string | undefined)[] {
  return [alert, ...alerts];
}

/**
 * Whether two names are of one reason: OpenSSL says a second time that it does not know the issuer where it has the leaf only, unless it was
 * told to allow partial chains, and Node reports what was said last (measured on Node 26.10). A signature of another key has a name of its own
 * in OpenSSL 3.0 (measured on Node 22.12).
 */
export function isSameReason(reason: string, expected: string): boolean {
  return reason === expected || synonyms.some((names) => names.has(reason) && names.has(expected));
}

const synonyms: readonly ReadonlySet<string>[] = [
  new Set(['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE']),
  new Set(['PROVIDER_SIGNATURE_FAILURE', 'BAD_SIGNATURE']),
];
