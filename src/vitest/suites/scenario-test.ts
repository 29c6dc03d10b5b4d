import { test } from 'vitest';
import type { Handshake } from '../../handshake/verdict/handshake.ts';
import type { ExpectedOutcome } from '../../scenarios/catalogue/scenario.ts';
import { resultRecord, type ScenarioRecord } from '../../scenarios/records/scenario-record.ts';
import { failureTranscript } from '../../matchers/failure-transcript.ts';
import { within } from '../../matchers/test-time.ts';
import { endBefore, testTimeoutFor } from '../test-time.ts';

/** Default of the suites' `timeout`. */
export const usualTimeout = 5000;

/** What a test comes to. */
export interface Outcome {
  readonly status: 'as-expected' | 'unexpected' | 'not-judged' | 'skipped';
  readonly message: string;
  readonly handshake?: Handshake | undefined;
  readonly expected?: ExpectedOutcome;
  readonly isSkipped?: true;
  /** Another row says it for this test too. */
  readonly isAside?: true;
}

/** Defines a test that leaves its record for reporters, also where it is not run or breaks on the way. */
export function defineTest(
  record: ScenarioRecord,
  { timeout = usualTimeout }: { readonly timeout?: number | undefined },
  run: () => Promise<Outcome>,
): void {
  const title = record.kind === 'scenario' && record.group !== 'controls' ? titleOf(record) : record.title;
  const milliseconds = testTimeoutFor(timeout);
  test(title, { meta: metaOf(record), timeout: milliseconds }, async ({ task, skip }) => {
    Object.assign(task.meta, metaOf(record)); // a retry starts anew
    const { expected = record.expected, isSkipped, ...outcome } = await within(endBefore(milliseconds), run, neverEnded);
    const result = resultRecord(outcome);
    Object.assign(task.meta, metaOf({ ...record, expected, result }));
    if (isSkipped) skip(outcome.message);
    if (outcome.status === 'as-expected') return;
    const isTold = record.kind === 'scenario' && outcome.handshake;
    throw failure(`${outcome.message}${isTold ? `\n\n${failureTranscript(isTold, task.name)}` : ''}`);
  });
}

function neverEnded(milliseconds: number): Outcome {
  return {
    status: 'not-judged',
    message: `not judged: the target did not come to an end within ${milliseconds} ms, neither with an answer nor with a refusal; look at what it waits for, or raise timeout`,
  };
}

/** Where `mtls-fixtures/reporter` finds it. An object that promises nothing: Vitest's type of it is for those who add to it. */
function metaOf(record: ScenarioRecord): object {
  return { mtlsFixtures: record };
}

function titleOf({ id, title, expected }: ScenarioRecord): string {
  return `${expected.verdict === 'accepted' ? 'accepts' : 'refuses'} ${title} [${id}]`;
}

/** Without the stack of this file: the message is the whole story. */
function failure(message: string): Error {
  const error = new Error(message);
  error.name = 'AssertionError';
  error.stack = `AssertionError: ${message}`;
  return error;
}
