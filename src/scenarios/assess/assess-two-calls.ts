import { describeErrors, handshakeFailure } from '../../handshake/verdict/client-errors/handshake-failure.ts';
import type { Handshake } from '../../handshake/verdict/handshake.ts';
import { printable } from '../../errors/printable.ts';
import type { ExpectedOutcome } from '../catalogue/scenario.ts';
import { asExpected, type Assessment, describeOutcome, notJudged, unexpected, unsuitable } from '../records/scenario-result.ts';
import { assessCall } from './assess-call.ts';
import { isSameReason } from './assess-handshake.ts';
import type { CalledRenegotiatingServer, CalledTwice } from './observation.ts';
import { obstacleIn, unusableMaterial } from './obstacle.ts';

/** Assesses the second call of one client, whose first was as it should be. */
export function assessTwoCalls(observation: CalledTwice, expected: ExpectedOutcome): Assessment {
  if (observation.trial.judged === 'silence') return assessSilence(observation, expected);
  const kept = keptFromFirst(observation);
  if (observation.trial.judged === 'identity') return assessIdentity(observation, expected, kept);
  if (kept !== undefined)
    return expected.verdict === 'rejected'
      ? unexpected(`expected ${describeOutcome(expected)}, but ${kept}: it did not verify the server again`)
      : asExpected(`${kept}, as expected`);
  return neverCalled(observation) ?? assessCall(observation.result, observation.handshakes, expected);
}

/** A client that cannot make the second call, such as one that takes no address for a host, keeps nothing, and shows nothing. */
function neverCalled({ result, handshakes }: CalledTwice): Assessment | undefined {
  if (result.kind !== 'rejected' || handshakes.length > 0) return undefined;
  const obstacle = obstacleIn(result.error);
  return obstacle === undefined || obstacle === unusableMaterial
    ? unsuitable(`the client made no connection for its second call: ${describeErrors(result.error)}`)
    : undefined;
}

/** Whether the client is the second one for the server: only a handshake makes it that. */
function assessIdentity(observation: CalledTwice, expected: ExpectedOutcome, kept: string | undefined): Assessment {
  const { result, handshakes } = observation;
  if (kept !== undefined) return unexpected(`${kept}: for the server it is still the first client`);
  const stale = shownFirst(observation);
  if (stale) return unexpected(`the client presented the certificate of its first call, ${nameIn(stale)}, in its second`);
  if (handshakes.some(({ reason }) => reason === 'PEER_DID_NOT_RETURN_A_CERTIFICATE'))
    return unexpected('the client presented no certificate in its second call');
  const assessment = assessCall(result, handshakes, expected);
  if (assessment.status !== 'as-expected' || expected.verdict === 'rejected') return assessment;
  return showsSecond(observation)
    ? asExpected('the second call had a connection of its own, with its own certificate, as expected')
    : unexpected('the client did not present the certificate of its second call');
}

/** Whether a client that does not present its certificate says so. */
function assessSilence(observation: CalledTwice, expected: ExpectedOutcome): Assessment {
  const { result } = observation;
  if (result.kind === 'hung') return unexpected('the second call did not end within the time limit, so it does not say what is wrong');
  if (result.kind === 'rejected') {
    const words = describeErrors(result.error);
    const obstacle = obstacleIn(result.error);
    if (obstacle !== undefined && obstacle !== unusableMaterial) return notJudged(`the client did not judge: ${obstacle}: ${words}`);
    return asExpected(`the second call failed, so the client reports that its certificate is not for clients: ${words}`);
  }
  const kept = keptFromFirst(observation);
  if (kept !== undefined) return unexpected(`${kept}, and did not say so`);
  if (!showsSecond(observation)) return unexpected('the client did not present the certificate of its second call, and did not say so');
  return expected.verdict === 'accepted'
    ? asExpected('the client presented the certificate, and left the decision to the server, as expected')
    : unexpected(`expected ${describeOutcome(expected)}, but the call succeeded`);
}

/** How the second call was made with what the client had kept; undefined where it was not. */
function keptFromFirst({ result, handshakes, reusedConnection }: CalledTwice): string | undefined {
  if (reusedConnection) return 'the client sent the request of its second call over a connection of its first';
  if (result.kind !== 'resolved') return undefined;
  const [first] = inOrder(handshakes);
  if (!first) return 'the second call succeeded without a handshake, over a connection of the first';
  return first.resumed && first.verdict === 'accepted' ? 'the second call resumed a session of the first' : undefined;
}

/** A background connection with the old certificate is tolerated where the server has ended the one that the client had. */
function shownFirst(observation: CalledTwice): Handshake | undefined {
  const { trial, handshakes, fingerprints } = observation;
  if (trial.between === 'connections-end' && showsSecond(observation)) return undefined;
  return handshakes.find(({ clientCertificate }) => clientCertificate?.fingerprint256 === fingerprints[0]);
}

function showsSecond({ handshakes, fingerprints }: CalledTwice): boolean {
  return handshakes.some(
    ({ verdict, clientCertificate }) => verdict === 'accepted' && clientCertificate?.fingerprint256 === fingerprints[1],
  );
}

function nameIn({ clientCertificate }: Handshake): string {
  return `"${printable(clientCertificate?.subject.text ?? '')}"`;
}

function inOrder(handshakes: readonly Handshake[]): readonly Handshake[] {
  return handshakes.toSorted((one, other) => one.startedAt.getTime() - other.startedAt.getTime());
}

/** Assesses a call to a server that renegotiated before it answered: the client must not take the answer of another host. */
export function assessRenegotiationByServer({ result, renegotiation }: CalledRenegotiatingServer, expected: ExpectedOutcome): Assessment {
  if (result.kind === 'hung')
    return unexpected('the second call did not end within the time limit; a client has to end by itself what it refuses');
  if (renegotiation === 'none') return notJudged('the second call sent no request to the server');
  if (result.kind === 'resolved') return renegotiation === 'completed' ? assessTaken(expected) : unexpected(answerless);
  const words = describeErrors(result.error);
  if (renegotiation === 'ignored') return unsuitable(`the client ignores that it is to renegotiate, so it sees one certificate: ${words}`);
  const obstacle = obstacleIn(result.error);
  if (obstacle !== undefined) return notJudged(`the client did not judge: ${obstacle}: ${words}`);
  const failure = handshakeFailure(result.error);
  const reason = renegotiation === 'completed' && failure?.by === 'client' ? failure.reason : undefined;
  if (reason !== undefined && expected.verdict === 'rejected' && expected.reason !== undefined && !isSameReason(reason, expected.reason))
    return unexpected(`expected ${describeOutcome(expected)}, but the client refused for another reason, ${reason}: ${words}`);
  const seen = renegotiation === 'refused' ? 'refused the renegotiation' : 'refused the server after the renegotiation';
  return expected.verdict === 'rejected'
    ? asExpected(`the client ${seen}, as expected: ${words}`)
    : unexpected(`expected ${describeOutcome(expected)}, but the client ${seen}: ${words}`);
}

function assessTaken(expected: ExpectedOutcome): Assessment {
  const seen = 'the client took the answer of a server that had become another host by renegotiating';
  return expected.verdict === 'accepted'
    ? asExpected(`${seen}, as expected`)
    : unexpected(`expected ${describeOutcome(expected)}, but ${seen}`);
}

const answerless = 'the call succeeded, but the server had ended the connection without an answer: the client swallows the error';
