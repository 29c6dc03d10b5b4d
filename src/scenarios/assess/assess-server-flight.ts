import { followsClientFinished, type ServerFlightFault } from '../../faults/flights/server/server-flight-fault.ts';
import { describeErrors } from '../../handshake/verdict/client-errors/handshake-failure.ts';
import type { ExpectedOutcome } from '../catalogue/scenario.ts';
import { asExpected, type Assessment, describeOutcome, notJudged, unexpected, unsuitable } from '../records/scenario-result.ts';
import type { CalledFaultServer, CallResult, FaultTally } from './observation.ts';
import { obstacleIn, timedOut } from './obstacle.ts';

/**
 * Assesses how a call ended to a server one flight of which differs from that of a conforming server. A client that answers, or sends application data, has accepted the
 * flight; an alert, or an end before its own Finished, is a refusal. Silence is neither, nor is a failure after the handshake for which no alert came: another reason could
 * be behind it.
 */
export function assessServerFlight(
  { result, tally, flight }: Pick<CalledFaultServer, 'result' | 'tally'> & { readonly flight: ServerFlightFault },
  expected: ExpectedOutcome,
  /** What the user expects in place of what the scenario says. */
  demanded: ExpectedOutcome | undefined,
): Assessment {
  if (tally.plaintextConnections > 0) return unexpected('the client sent plaintext to the TLS port: it falls back when TLS fails');
  if (result.kind === 'hung')
    return unexpected('the call did not end within the time limit: the client neither went on nor refused what cannot go on');
  if (tally.connections === 0) return neverArrived(result);
  if (tally.faultsShown === 0) return unshown(result, tally);
  if (result.kind === 'resolved') return assessSuccess(tally, expected);
  return assessFailure(result.error, { tally, flight, expected, demanded });
}

function neverArrived(result: CallResult): Assessment {
  if (result.kind !== 'rejected') return unexpected('the call succeeded, but not by this server: no connection reached it');
  return notJudged(`no connection reached the server; the call failed with ${describeErrors(result.error)}`);
}

function unshown(result: CallResult, { clientHellos, ownFailure }: FaultTally): Assessment {
  if (result.kind === 'resolved') return unsuitable('the client does not offer what the flight is about: it was sent an ordinary one');
  const words = result.kind === 'rejected' ? describeErrors(result.error) : '';
  if (clientHellos === 0) return notJudged(`the client left before it met the flight: ${words}`);
  return unsuitable(`the client does not offer what the flight needs${ownFailure === undefined ? '' : ` (${ownFailure})`}: ${words}`);
}

function assessSuccess({ completedHandshakes = 0 }: FaultTally, expected: ExpectedOutcome): Assessment {
  if (expected.verdict === 'rejected')
    return unexpected(`expected ${describeOutcome(expected)}, but the call succeeded: the client went on`);
  return completedHandshakes > 0
    ? asExpected('the call succeeded, as expected')
    : notJudged('the call succeeded, but no handshake of this server completed');
}

/** A call that failed, and what is expected of it. */
interface Failure {
  readonly tally: FaultTally;
  readonly flight: ServerFlightFault;
  readonly expected: ExpectedOutcome;
  readonly demanded: ExpectedOutcome | undefined;
}

function assessFailure(error: unknown, { tally, flight, expected, demanded }: Failure): Assessment {
  const { applicationData = 0, completedHandshakes = 0, alerts = [], ownFailure } = tally;
  const sent = alerts[0]?.name;
  const words = `${sent === undefined ? 'without an alert' : `by the alert ${sent}`}: ${describeErrors(error)}`;
  if (expected.verdict === 'accepted') return unexpected(`expected the client to go on, but it refused ${words}`);
  if (applicationData > 0)
    return unexpected(
      `expected ${describeOutcome(expected)}, but the client sent application data to the server before it failed ${words}`,
    );
  const obstacle = sent === undefined ? obstacleIn(error) : undefined;
  if (obstacle === timedOut) return unexpected(`the client did not notice, and waited until it timed out: ${describeErrors(error)}`);
  if (obstacle !== undefined) return notJudged(`the client did not judge: ${obstacle}: ${describeErrors(error)}`);
  if (ownFailure !== undefined && sent === undefined) return notJudged(`the server ended the handshake by itself: ${ownFailure}`);
  if (completedHandshakes > 0 && sent === undefined && !followsClientFinished(flight))
    return notJudged(`the client completed the handshake, and then failed for a reason that does not show ${words}`);
  if (demanded?.verdict === 'rejected' && demanded.alert !== undefined && sent !== demanded.alert)
    return unexpected(`expected ${describeOutcome(demanded)}, but the client refused ${words}`);
  return asExpected(
    `the client refused ${words}${sent === expected.alert ? ', as expected' : ` (the RFC names ${expected.alert ?? 'none'})`}`,
  );
}
