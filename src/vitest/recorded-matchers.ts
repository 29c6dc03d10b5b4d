import { inject } from 'vitest';
import type { Handshake } from '../handshake/verdict/handshake.ts';
import type { MatcherContext, MatcherResult } from '../matchers/matcher-context.ts';
import type { Matchers } from '../matchers/matcher-types.ts';
import type { AssertionMatcher, AssertionOutcome, AssertionRecords } from '../scenarios/records/assertion-record.ts';

/** The matchers as `expect` gets them: those that attempt a handshake, or watch a call, leave a record on their test, where `mtls-fixtures/reporter` finds it. */
export const recordedMatchers = (matchers: Matchers): Matchers => ({
  ...matchers,
  toAccept(...args) {
    return recorded('toAccept', this, args[2], (context) => matchers.toAccept.apply(context, args));
  },
  toReject(...args) {
    return recorded('toReject', this, args[2], (context) => matchers.toReject.apply(context, args));
  },
  toFailHandshake(...args) {
    return recorded('toFailHandshake', this, args[1], (context) => matchers.toFailHandshake.apply(context, args));
  },
});

async function recorded(
  matcher: AssertionMatcher,
  context: MatcherContext,
  expected: unknown,
  run: (context: MatcherContext) => Promise<MatcherResult>,
): Promise<MatcherResult> {
  const task = taskOf(context);
  if (!task) return run(context);
  const not = context.isNot === true;
  const base = { matcher, not, expected, attempt: (task.result?.retryCount ?? 0) + (task.result?.repeatCount ?? 0) };
  let handshake: Handshake | undefined;
  const onHandshake = (seen: Handshake): void => {
    handshake = seen;
  };
  try {
    const result = await run(Object.create(context, { onHandshake: { value: onHandshake } }) as MatcherContext); // it inherits the rest
    const failed = result.pass === not;
    const status = statusOf(failed, result);
    await leaveRecord(task, { ...base, status, handshake, ...(failed && { failure: result.message() }) });
    return result;
  } catch (error) {
    await leaveRecord(task, { ...base, status: 'not-judged', handshake, failure: error instanceof Error ? error.message : String(error) });
    throw error;
  }
}

function statusOf(failed: boolean, { unjudged }: MatcherResult): AssertionOutcome['status'] {
  if (!failed) return 'as-expected';
  return unjudged === true ? 'not-judged' : 'unexpected';
}

/** What Vitest gives beside what matchers use. */
interface RecordingTask {
  readonly meta: object;
  readonly result?: { readonly retryCount?: number; readonly repeatCount?: number } | undefined;
}

function taskOf({ task }: MatcherContext): RecordingTask | undefined {
  return task && 'meta' in task && typeof task.meta === 'object' && task.meta !== null ? (task as typeof task & RecordingTask) : undefined; // checked; the results are Vitest's own
}

/** What makes records is loaded by the first: most runs need neither. */
async function leaveRecord({ meta }: RecordingTask, outcome: AssertionOutcome): Promise<void> {
  const { assertionRecord } = await import('../scenarios/records/assertion-record.ts');
  const { mtlsFixturesAssertions } = meta as { readonly mtlsFixturesAssertions?: AssertionRecords }; // left there by this function alone
  const { assertions = [], omitted = 0 } = mtlsFixturesAssertions ?? {};
  const next: AssertionRecords =
    assertions.length < mostRecords
      ? { schema: 1, assertions: [...assertions, assertionRecord(outcome, inject('mtlsFixturesCaptures'))], omitted }
      : { schema: 1, assertions, omitted: omitted + 1 };
  Object.assign(meta, { mtlsFixturesAssertions: next });
}

/** For each test: one that generates its inputs may assert thousands of times. */
const mostRecords = 50;
