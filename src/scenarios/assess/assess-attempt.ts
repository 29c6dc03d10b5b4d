import { describeErrors, handshakeFailure } from '../../handshake/verdict/client-errors/handshake-failure.ts';
import type { ExpectedOutcome } from '../catalogue/scenario.ts';
import { asExpected, type Assessment, describeOutcome, notJudged, unexpected } from '../records/scenario-result.ts';
import { answersFault, isSameReason } from './assess-handshake.ts';
import { attemptUnsent } from './credential-sent.ts';
import type { CallResult, UserAttempt } from './observation.ts';
import { obstacleIn } from './obstacle.ts';

/** Assesses an attempt of the user's own client library, of which only its error is known. */
export function assessAttempt({ result, credential }: UserAttempt, expected: ExpectedOutcome): Assessment {
  return (credential && attemptUnsent(result, credential)) ?? assessResult(result, expected);
}

function assessResult(result: CallResult, expected: ExpectedOutcome): Assessment {
  if (result.kind === 'hung') return notJudged('the attempt did not end within the time limit, which is not a refusal');
  if (result.kind === 'resolved')
    return expected.verdict === 'accepted'
      ? asExpected('was accepted, as expected')
      : unexpected(`expected ${describeOutcome(expected)}, but the attempt succeeded: the server let the client in`);

  const words = describeErrors(result.error);
  const obstacle = obstacleIn(result.error);
  if (obstacle !== undefined) return notJudged(`the server did not judge: ${obstacle}: ${words}`);
  if (expected.verdict === 'accepted') return unexpected(`expected accepted, but the attempt failed with ${words}`);

  const failure = handshakeFailure(result.error);
  if (failure?.by === 'client' && expected.by === 'server')
    return notJudged(`the client library refused by itself before the server under test judged: ${words}`);
  const { reason, alert } = failure ?? {};
  if (reason !== undefined && expected.reason !== undefined && !isSameReason(reason, expected.reason))
    return unexpected(`expected ${describeOutcome(expected)}, but it was refused for another reason, ${reason}: ${words}`);
  if (alert !== undefined && !answersFault(alert, expected))
    return unexpected(`expected ${describeOutcome(expected)}, but the alert ${alert} is not an answer to a certificate: ${words}`);
  return asExpected(`was refused, as expected: ${words}`);
}
