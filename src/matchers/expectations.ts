import { verdictSentence } from '../handshake/verdict/verdict-sentence.ts';
import type { Handshake } from '../handshake/verdict/handshake.ts';
import type { Reason } from '../handshake/verdict/reasons/reason.ts';
import type { AlertName } from '../wire/records/alerts.ts';
import { type ExpectedEvidence, isOfKind } from './evidences.ts';

/** The refusal of a handshake to expect, as a client library's error reports it; a field that is left out is not compared, and printed all the same. */
export interface ExpectedFailure {
  readonly by?: 'client' | 'server' | undefined;
  /** OpenSSL's verify name or handshake reason, e.g. `CERT_HAS_EXPIRED`. */
  readonly reason?: Reason | (string & {}) | undefined;
  /** The alert's registered name, e.g. `certificate_expired`. */
  readonly alert?: AlertName | (string & {}) | undefined;
}

/** The acceptance to expect: how it is known, where a test insists on that. */
export interface ExpectedAcceptance {
  /** One kind of `handshake.evidence`, or several of which any is enough. */
  readonly evidence?: ExpectedEvidence | undefined;
}

/** The rejection to expect; a field that is left out is not compared, and printed all the same. */
export interface ExpectedRejection extends ExpectedFailure, ExpectedAcceptance {}

/** Whether a handshake was accepted, and is known to be in the expected way. */
export function isAcceptedAs(handshake: Handshake, { evidence }: ExpectedAcceptance): boolean {
  return handshake.verdict === 'accepted' && isOfKind(handshake.evidence, evidence);
}

/** The verdict in words, with its evidence where the expectation names one. */
export function verdictWith(handshake: Handshake, { evidence }: ExpectedAcceptance): string {
  return `${verdictSentence(handshake)}${evidence === undefined ? '' : `, with the evidence ${handshake.evidence}`}`;
}

/** The evidence on which an expectation insists, in words; empty where it does not. */
export function describeEvidence({ evidence }: ExpectedAcceptance): string {
  return evidence === undefined ? '' : ` with the evidence ${[evidence].flat().join(' or ')}`;
}

/** Whether a handshake was rejected in the expected way. */
export function isRejectedAs(handshake: Handshake, { by, reason, alert, evidence }: ExpectedRejection): boolean {
  return (
    handshake.verdict === 'rejected' &&
    (by === undefined || handshake.rejectedBy === by) &&
    (reason === undefined || handshake.reason === reason) &&
    (alert === undefined || handshake.alert?.name === alert) &&
    isOfKind(handshake.evidence, evidence)
  );
}

/** An expected rejection in words. */
export function describeRejection({ by, reason, alert, ...acceptance }: ExpectedRejection): string {
  const parts = [by && `by the ${by}`, reason && `with reason ${reason}`, alert && `with the alert ${alert}`].filter(Boolean);
  return `${['rejected', ...parts].join(' ')}${describeEvidence(acceptance)}`;
}
