import type { CapturedChunk, Side } from '../wire/capture.ts';

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
