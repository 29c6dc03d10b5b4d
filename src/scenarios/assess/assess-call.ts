import { describeErrors, handshakeFailure } from '../../handshake/verdict/client-errors/handshake-failure.ts';
import { unreachable } from '../../handshake/verdict/client-errors/other-failure.ts';
import type { ExpectedOutcome } from '../catalogue/scenario.ts';
import { asExpected, describeOutcome, notJudged, unexpected, type Weighed } from '../records/scenario-result.ts';
import type { Settled } from './settle-call.ts';
import { answersFault, isSameReason } from './assess-handshake.ts';

/** Weighs how an attempt with the user's own client library ended, of which only its error is known. */
export function weighAttempt(expected: ExpectedOutcome, settled: Settled): Weighed {
  if (settled.kind === 'hung') return notJudged('the attempt did not come to an end within the bound, which is no refusal');
  if (settled.kind === 'resolved')
    return expected.verdict === 'accepted'
      ? asExpected('was let in, as expected')
      : unexpected(`expected ${describeOutcome(expected)}, but the attempt succeeded: the server let the client in`);

  const words = describeErrors(settled.error);
  const obstacle = obstacleIn(settled.error);
  if (obstacle !== undefined) return notJudged(`the server did not judge: ${obstacle}: ${words}`);
  if (expected.verdict === 'accepted') return unexpected(`expected accepted, but the attempt failed with ${words}`);

  const failure = handshakeFailure(settled.error);
  if (failure?.by === 'client' && expected.by === 'server')
    return notJudged(`the client library refused by itself before the server under test judged: ${words}`);
  const { reason, alert } = failure ?? {};
  if (reason !== undefined && expected.reason !== undefined && !isSameReason(reason, expected.reason))
    return unexpected(`expected ${describeOutcome(expected)}, but it was refused for another reason, ${reason}: ${words}`);
  if (alert !== undefined && !answersFault(alert, expected))
    return unexpected(`expected ${describeOutcome(expected)}, but the alert ${alert} is no answer to a certificate: ${words}`);
  return asExpected(`was refused, as expected: ${words}`);
}

/** What kept a call from being judged: nobody listens, a name that does not resolve, a time-out, a mistake in the code. Undefined for anything else. */
export function obstacleIn(error: unknown): string | undefined {
  for (let next: unknown = error; typeof next === 'object' && next !== null; next = 'cause' in next ? next.cause : undefined) {
    const code = 'code' in next && typeof next.code === 'string' ? next.code : '';
    const name = 'name' in next && typeof next.name === 'string' ? next.name : '';
    if (unreachable.has(code)) return 'the target could not be reached';
    if (code === 'ETIMEDOUT' || name === 'TimeoutError' || name === 'AbortError') return 'the call timed out';
    if (code.startsWith('ERR_OSSL_') || code.startsWith('ERR_INVALID_')) return 'the client could not use what it was given';
    if (isMistake(next, name)) return 'the code itself failed';
  }
  return undefined;
}

/** A TypeError that carries a cause is undici's way to say that the request failed. */
function isMistake(error: object, name: string): boolean {
  return mistakes.has(name) && !('cause' in error && error.cause !== undefined) && !('code' in error);
}

const mistakes: ReadonlySet<string> = new Set(['TypeError', 'ReferenceError', 'SyntaxError', 'RangeError']);
