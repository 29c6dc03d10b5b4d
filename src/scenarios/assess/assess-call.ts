import { describeErrors, handshakeFailure } from '../../handshake/verdict/client-errors/handshake-failure.ts';
import { verdictSentence } from '../../handshake/verdict/verdict-sentence.ts';
import type { Handshake } from '../../handshake/verdict/handshake.ts';
import type { ExpectedOutcome } from '../catalogue/scenario.ts';
import { asExpected, type Assessment, describeOutcome, notJudged, unexpected } from '../records/scenario-result.ts';
import { answersFault, isSameReason } from './assess-handshake.ts';
import { assessOnTheWire } from './assess-on-the-wire.ts';
import { serverCredentialUnsent } from './credential-sent.ts';
import type { CalledServer, CallResult } from './observation.ts';
import { obstacleIn } from './obstacle.ts';

/** Assesses a call to a server with the credential of a scenario. A client that failed is judged only where the credential was sent to it. */
export function assessCalledServer({ result, handshakes, credential }: CalledServer, expected: ExpectedOutcome): Assessment {
  const fellBack = handshakes.some(({ reason }) => reason === 'HTTP_REQUEST');
  if (result.kind !== 'rejected' || fellBack) return assessCall(result, handshakes, expected);
  const last = credential.certificateMessage && handshakes.at(-1);
  return (
    serverCredentialUnsent(handshakes, credential) ??
    (last && assessOnTheWire(last, expected, 'server')) ??
    assessCall(result, handshakes, expected)
  );
}

/** Assesses how a call of a client under test ended, with what its peer saw of it. */
export function assessCall(result: CallResult, handshakes: readonly Handshake[], expected: ExpectedOutcome): Assessment {
  if (result.kind === 'hung')
    return unexpected('the call did not end within the time limit; a client has to end by itself what it refuses');
  if (handshakes.length === 0) return neverArrived(result);
  if (handshakes.some(({ reason }) => reason === 'HTTP_REQUEST'))
    return unexpected('the client sent a request in plaintext to the TLS port: it falls back when TLS fails');
  return result.kind === 'resolved' ? assessSuccess(handshakes, expected) : assessFailure(result.error, handshakes, expected);
}

function neverArrived(result: CallResult): Assessment {
  if (result.kind !== 'rejected') return unexpected('the call succeeded, but not by this server: no handshake reached it');
  return notJudged(`no handshake reached the server; the call failed with ${describeErrors(result.error)}`);
}

function assessSuccess(handshakes: readonly Handshake[], expected: ExpectedOutcome): Assessment {
  if (expected.verdict === 'rejected')
    return unexpected(`expected ${describeOutcome(expected)}, but the call succeeded: the client trusted the server`);
  const last = handshakes.at(-1);
  return last?.verdict === 'accepted'
    ? asExpected('the client trusted the server, as expected')
    : unexpected(`the call succeeded, but the server's last handshake was ${last ? verdictSentence(last) : 'none'}`);
}

function assessFailure(error: unknown, handshakes: readonly Handshake[], expected: ExpectedOutcome): Assessment {
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
      `expected ${describeOutcome(expected)}, but the client's alert ${alert.name} is not an answer to a certificate: ${words}`,
    );
  const obstacle = reason === undefined && last?.verdict !== 'rejected' ? obstacleIn(error) : undefined;
  if (obstacle !== undefined) return notJudged(`the client did not judge: ${obstacle}: ${words}`);
  return asExpected(`the client refused the server, as expected: ${words}`);
}
