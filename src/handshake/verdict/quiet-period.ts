import type { CapturedChunk, Side } from '../../wire/tap/capture.ts';

/**
 * How long a contradiction is waited for, in milliseconds: as long as asked, and never less than four round trips of this very connection. What was written last has to
 * arrive, the refusal to come back, and either may have to be sent again.
 */
export function quietPeriod(asked: number, chunks: readonly CapturedChunk[], asker: Side): number {
  return Math.max(asked, leastRoundTrips * (roundTrip(chunks, asker) ?? 0));
}

/**
 * Milliseconds from what one side sent to the other's first answer, as they passed the tap: the whole way there and back, and the work of the peer. TCP's own
 * handshake says less: a proxy answers it. Undefined before there is an answer.
 */
export function roundTrip(chunks: readonly CapturedChunk[], asker: Side): number | undefined {
  const asked = chunks.findIndex(({ sentBy }) => sentBy === asker);
  const answered = asked < 0 ? -1 : chunks.findIndex(({ sentBy }, index) => index > asked && sentBy !== asker);
  const [question, answer] = [chunks[answered - 1], chunks[answered]];
  return answered < 0 || !question || !answer ? undefined : answer.atMs - question.atMs;
}

const leastRoundTrips = 4;
