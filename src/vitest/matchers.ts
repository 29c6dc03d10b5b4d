import type { MatcherState } from 'vitest';
import { verdictSentence } from '../handshake/verdict/verdict-sentence.ts';
import type { Handshake } from '../handshake/verdict/handshake.ts';
import { printable, printableLines } from '../handshake/verdict/printable.ts';
import type { PeerCertificate } from '../x509/inspect-certificate.ts';
import { failureStory } from './failure-story.ts';
import { type ExpectedEvidence, isOfKind } from './evidences.ts';
import { requireAcceptance, requireCertificateFields, requireHandshake, requireRejection } from './matcher-input.ts';

/** What the refusal of a handshake is expected to be, as a client library's error tells of it; what is left out is not compared, and printed all the same. */
export interface ExpectedFailure {
  readonly by?: 'client' | 'server';
  /** OpenSSL's verify name or handshake reason, e.g. `CERT_HAS_EXPIRED`. */
  readonly reason?: string;
  /** The alert's registered name, e.g. `certificate_expired`. */
  readonly alert?: string;
}

/** What an acceptance is expected to be: how it is known, where a test insists on that. */
export interface ExpectedAcceptance {
  /** One kind of `handshake.evidence`, or several of which any will do. */
  readonly evidence?: ExpectedEvidence;
}

/** What a rejection is expected to be; what is left out is not compared, and printed all the same. */
export interface ExpectedRejection extends ExpectedFailure, ExpectedAcceptance {}

/** Fields of a certificate to compare: deeply, and only those given. */
export type ExpectedCertificate = { readonly [Field in keyof PeerCertificate]?: unknown };

/** What a matcher returns to Vitest. */
export interface Verdict {
  readonly pass: boolean;
  readonly message: () => string;
  readonly actual?: unknown;
  readonly expected?: unknown;
}

/** The matchers on a `Handshake` value; synchronous, so that none can be forgotten to await. */
export const handshakeMatchers = {
  toBeAccepted(this: MatcherState, received: unknown, expected: ExpectedAcceptance = {}): Verdict {
    const handshake = requireHandshake('toBeAccepted', received);
    requireAcceptance('toBeAccepted', expected);
    return {
      pass: isAcceptedAs(handshake, expected),
      message: () =>
        `expected the handshake ${this.isNot ? 'not ' : ''}to be accepted${describeEvidence(expected)}; it was ${verdictWith(handshake, expected)}\n\n${failureStory(handshake, this.currentTestName)}`,
    };
  },

  toBeRejected(this: MatcherState, received: unknown, expected: ExpectedRejection = {}): Verdict {
    const handshake = requireHandshake('toBeRejected', received);
    requireRejection('toBeRejected', expected);
    return {
      pass: isRejectedAs(handshake, expected),
      message: () =>
        `expected the handshake ${this.isNot ? 'not ' : ''}to be ${describeRejection(expected)}; it was ${verdictWith(handshake, expected)}\n\n${failureStory(handshake, this.currentTestName)}`,
    };
  },

  toHaveClientCertificate(this: MatcherState, received: unknown, expected: ExpectedCertificate = {}): Verdict {
    const handshake = requireHandshake('toHaveClientCertificate', received);
    requireCertificateFields('toHaveClientCertificate', expected);
    return certificateVerdict(this, 'client', handshake, expected);
  },

  toHaveServerCertificate(this: MatcherState, received: unknown, expected: ExpectedCertificate = {}): Verdict {
    const handshake = requireHandshake('toHaveServerCertificate', received);
    requireCertificateFields('toHaveServerCertificate', expected);
    return certificateVerdict(this, 'server', handshake, expected);
  },
};

/** Whether a handshake was accepted, and is known to be in the way that is expected. */
export function isAcceptedAs(handshake: Handshake, { evidence }: ExpectedAcceptance): boolean {
  return handshake.verdict === 'accepted' && isOfKind(handshake.evidence, evidence);
}

/** The verdict in words, with its evidence where that was asked for. */
export function verdictWith(handshake: Handshake, { evidence }: ExpectedAcceptance): string {
  return `${verdictSentence(handshake)}${evidence === undefined ? '' : `, with the evidence ${handshake.evidence}`}`;
}

/** The evidence on which an expectation insists, in words; empty where it does not. */
export function describeEvidence({ evidence }: ExpectedAcceptance): string {
  return evidence === undefined ? '' : ` with the evidence ${[evidence].flat().join(' or ')}`;
}

/** Whether a handshake was rejected in the way that is expected. */
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

function certificateVerdict(state: MatcherState, end: 'client' | 'server', handshake: Handshake, expected: ExpectedCertificate): Verdict {
  const certificate = end === 'client' ? handshake.clientCertificate : handshake.serverCertificate;
  if (!certificate) {
    return {
      pass: false,
      message: () => `expected a ${end} certificate; none was seen\n\n${failureStory(handshake, state.currentTestName)}`,
    };
  }
  // Only the expected fields, so that the diff shows nothing else.
  const actual = Object.fromEntries(Object.keys(expected).map((field) => [field, certificate[field as keyof PeerCertificate]])); // a field that does not exist reads undefined and differs
  const { equals, utils, isNot } = state;
  return {
    pass: equals(actual, expected, [utils.iterableEquality, utils.subsetEquality]),
    actual,
    expected,
    message: () =>
      `expected the ${end} certificate of "${printable(certificate.subject.text)}" ${isNot ? 'not ' : ''}to have ${utils.stringify(expected)}; it has ${printableLines(utils.stringify(actual))}\n\n${failureStory(handshake, state.currentTestName)}`,
  };
}
