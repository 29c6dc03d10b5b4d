import type { Handshake } from '../../handshake/verdict/handshake.ts';
import { verdictSentence } from '../../handshake/verdict/verdict-sentence.ts';
import { type HandshakeRecord, type RecordedCaptures, resultRecord, type ResultRecord } from './scenario-record.ts';

/** What a test hands to a reporter of its assertions on handshakes. */
export interface AssertionRecords {
  /** Changes when the shape does. */
  readonly schema: 1;
  readonly assertions: readonly AssertionRecord[];
  /** How many more there were than are recorded. */
  readonly omitted: number;
}

/** One use of a matcher: fit for JSON, small, and without any secret. */
export interface AssertionRecord extends Pick<ResultRecord, 'message' | 'runtime'> {
  readonly matcher: AssertionMatcher;
  /** Whether the opposite was asserted, by `.not`. */
  readonly not: boolean;
  /** What was to be seen, as the test gives it. */
  readonly expected: Readonly<Record<string, string>>;
  readonly status: 'as-expected' | 'unexpected' | 'not-judged';
  /** Of the client that was to be accepted or rejected; of a call, what an observed end saw. */
  readonly handshake?: HandshakeRecord;
  /** Which run of its test it was in: tests are retried. */
  readonly attempt: number;
}

/** The matchers that attempt a handshake, or watch a call. */
export type AssertionMatcher = 'toAccept' | 'toReject' | 'toFailHandshake';

/** What a matcher came to. */
export interface AssertionOutcome extends Pick<AssertionRecord, 'matcher' | 'not' | 'status' | 'attempt'> {
  /** What was given to the matcher. */
  readonly expected: unknown;
  /** Why it failed. */
  readonly failure?: string | undefined;
  readonly handshake?: Handshake | undefined;
}

/** The record of an assertion; `captures` is what reporters want of them. */
export function assertionRecord(outcome: AssertionOutcome, captures?: RecordedCaptures): AssertionRecord {
  const { matcher, not, status, attempt, handshake, failure, expected } = outcome;
  const passed = handshake ? verdictSentence(handshake) : 'the call failed because one end refused the handshake';
  const { isAside: _aside, ...result } = resultRecord({ status, message: failure ?? passed, handshake }, captures);
  return { ...result, matcher, not, status, attempt, expected: textsIn(expected) };
}

/** Of what was given, what a reader can compare with what was seen. */
function textsIn(expected: unknown): Record<string, string> {
  const given = Object(expected) as Readonly<Record<string, unknown>>; // Object() leaves nothing to read of what is not an object
  const { by, reason, alert, evidence, servername } = given;
  return Object.fromEntries(
    Object.entries({ by, reason, alert, evidence, servername }).flatMap(([name, value]) =>
      typeof value === 'string' ? [[name, value.slice(0, longestText)]] : [],
    ),
  );
}

const longestText = 200;
