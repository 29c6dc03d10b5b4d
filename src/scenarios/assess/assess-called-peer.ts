import { describeErrors, handshakeFailure } from '../../handshake/verdict/client-errors/handshake-failure.ts';
import { verdictSentence } from '../../handshake/explain/explain.ts';
import type { Handshake } from '../../handshake/verdict/handshake.ts';
import type { ExpectedOutcome } from '../catalogue/scenario.ts';
import { asExpected, describeOutcome, notJudged, unexpected, type Weighed } from '../records/scenario-result.ts';
import type { Settled } from './settle-call.ts';
import { obstacleIn } from './assess-call.ts';
import { answersFault, isSameReason } from './assess-handshake.ts';

/** Weighs how a call of a client under test ended, with what its peer saw of it. */
export function weighCalledPeer(expected: ExpectedOutcome, settled: Settled, handshakes: readonly Handshake[]): Weighed {
  if (settled.kind === 'hung')
    return unexpected('the call did not come to an end within the bound; a client has to end by itself what it refuses');
  if (handshakes.length === 0) return neverArrived(settled);
  if (handshakes.some(({ reason }) => reason === 'HTTP_REQUEST'))
    return unexpected('the client sent a request in plaintext to the TLS port: it falls back when TLS fails');
  return settled.kind === 'resolved' ? weighSuccess(expected, handshakes) : weighFailure(expected, settled.error, handshakes);
}

function neverArrived(settled: Settled): Weighed {
  if (settled.kind !== 'rejected') return unexpected('the call succeeded, but not by this server: no handshake reached it');
  return notJudged(`no handshake reached the server; the call failed with ${describeErrors(settled.error)}`);
}

function weighSuccess(expected: ExpectedOutcome, handshakes: readonly Handshake[]): Weighed {
  if (expected.verdict === 'rejected')
    return unexpected(`expected ${describeOutcome(expected)}, but the call succeeded: the client trusted the server`);
  const last = handshakes.at(-1);
  return last?.verdict === 'accepted'
    ? asExpected('the client trusted the server, as expected')
    : unexpected(`the call succeeded, but the server's last handshake was ${last ? verdictSentence(last) : 'none'}`);
}

function weighFailure(expected: ExpectedOutcome, error: unknown, handshakes: readonly Handshake[]): Weighed {
  const words = describeErrors(error);
  if (expected.verdict === 'accepted') return unexpected(`expected the client to trust the server, but the call failed with ${words}`);

  const served = handshakes.find(({ verdict, evidence }) => verdict === 'accepted' && evidence === 'application-data');
  if (served)
    return unexpected(
      `expected ${describeOutcome(expected)}, but the client sent application data to the server before it failed with ${words}`,
    );
  const failure = handshakeFailure(error);
  const last = handshakes.at(-1);
  const reason = failure?.by === 'client' ? failure.reason : undefined;
  if (reason !== undefined && expected.by === 'client' && expected.reason !== undefined && !isSameReason(reason, expected.reason))
    return unexpected(`expected ${describeOutcome(expected)}, but the client refused for another reason, ${reason}: ${words}`);
  if (reason === undefined && last?.rejectedBy === 'server' && expected.by === 'client')
    return notJudged(`the server refused before the client under test judged: ${verdictSentence(last)}`);
  const { alert } = last ?? {};
  if (reason === undefined && alert?.sentBy === 'client' && !answersFault(alert.name, expected))
    return unexpected(
      `expected ${describeOutcome(expected)}, but the client's alert ${alert.name} is no answer to a certificate: ${words}`,
    );
  const obstacle = reason === undefined && last?.verdict !== 'rejected' ? obstacleIn(error) : undefined;
  if (obstacle !== undefined) return notJudged(`the client did not judge: ${obstacle}: ${words}`);
  return asExpected(`the client refused the server, as expected: ${words}`);
}
