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
  let question: CapturedChunk | undefined;
  for (const chunk of chunks)
    if (chunk.sentBy === asker) question = chunk;
    else if (question) return chunk.atMs - question.atMs;
  return undefined;
}

const leastRoundTrips = 4;
