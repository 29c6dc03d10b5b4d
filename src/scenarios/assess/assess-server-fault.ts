import type { ServerFault } from '../../faults/server/server-fault.ts';
import { describeErrors, handshakeFailure } from '../../handshake/verdict/client-errors/handshake-failure.ts';
import { engineReason } from '../../handshake/verdict/client-errors/other-failure.ts';
import type { ExpectedOutcome } from '../catalogue/scenario.ts';
import { asExpected, type Assessment, describeOutcome, notJudged, unexpected, unsuitable } from '../records/scenario-result.ts';
import type { CalledFaultServer, CallResult, FaultTally } from './observation.ts';
import { assessServerFlight } from './assess-server-flight.ts';
import { obstacleIn, timedOut } from './obstacle.ts';

/** Assesses how a call to a server that violates the protocol ended: it has to fail, by itself, and never to continue in plaintext. */
export function assessServerFault(
  { result, tally, fault }: CalledFaultServer,
  expected: ExpectedOutcome,
  /** What the user expects in place of what the scenario says. */
  demanded: ExpectedOutcome | undefined,
): Assessment {
  if (fault.kind === 'edited-flight') return assessServerFlight({ result, tally, flight: fault.flight }, expected, demanded);
  if (tally.plaintextConnections > 0) return unexpected('the client sent plaintext to the TLS port: it falls back when TLS fails');
  if (result.kind === 'hung')
    return unexpected('the call did not end within the time limit; a client has to end by itself what cannot go on');
  if (tally.connections === 0) return neverArrived(result);
  if (result.kind === 'resolved') return assessSuccess(tally, expected);
  const words = describeErrors(result.error);
  if (answersHttp1.has(fault.kind) && words.includes('ERR_HTTP2_'))
    return unsuitable(`this fault is in an answer over HTTP/1.1, and the client speaks HTTP/2 whatever the server chose: ${words}`);
  if (expected.verdict === 'accepted') return unexpected(`expected the client to trust the server, but the call failed with ${words}`);
  if (tally.faultsShown === 0) return unshown(tally, words);
  return (
    obstacle(result.error, fault) ?? otherWords(result.error, expected, demanded) ?? asExpected(`the call failed, as expected: ${words}`)
  );
}

function neverArrived(result: CallResult): Assessment {
  if (result.kind !== 'rejected') return unexpected('the call succeeded, but not by this server: no connection reached it');
  return notJudged(`no connection reached the server; the call failed with ${describeErrors(result.error)}`);
}

function assessSuccess({ faultsShown }: FaultTally, expected: ExpectedOutcome): Assessment {
  if (expected.verdict === 'rejected') return unexpected(`expected ${describeOutcome(expected)}, but the call succeeded`);
  return faultsShown > 0
    ? asExpected('the call succeeded, as expected')
    : notJudged('the call succeeded, but the client did not meet the fault');
}

function unshown({ clientHellos }: FaultTally, words: string): Assessment {
  return clientHellos > 0
    ? unsuitable(`the client does not offer the version of TLS that the fault belongs to: ${words}`)
    : notJudged(`the client left before it met the fault: ${words}`);
}

/** A time-out of the client's own is an answer to silence, not to a fault that it has to detect. */
function obstacle(error: unknown, { kind }: ServerFault): Assessment | undefined {
  const what = obstacleIn(error);
  if (what === undefined) return undefined;
  if (what !== timedOut) return notJudged(`the client did not judge: ${what}: ${describeErrors(error)}`);
  return needsNotice.has(kind)
    ? unexpected(`the client did not notice, and waited until it timed out: ${describeErrors(error)}`)
    : undefined;
}

/** The alert has to be the one that was sent, where the client's library names it. Reasons differ from stack to stack: only what the user expects is compared. */
function otherWords(error: unknown, expected: ExpectedOutcome, demanded: ExpectedOutcome | undefined): Assessment | undefined {
  if (expected.verdict === 'accepted') return undefined;
  const { by, alert, reason = engineReason(error) } = handshakeFailure(error) ?? {};
  if (by === 'server' && expected.by === 'server' && alert !== undefined && expected.alert !== undefined && alert !== expected.alert)
    return unexpected(`expected ${describeOutcome(expected)}, but the error names the alert ${alert}: ${describeErrors(error)}`);
  if (demanded?.verdict === 'rejected' && demanded.reason !== undefined && reason !== undefined && reason !== demanded.reason)
    return unexpected(`expected ${describeOutcome(demanded)}, but the call failed for another reason, ${reason}: ${describeErrors(error)}`);
  return undefined;
}

const answersHttp1: ReadonlySet<ServerFault['kind']> = new Set(['close-without-close-notify', 'one-byte-at-a-time'] as const);
const needsNotice: ReadonlySet<ServerFault['kind']> = new Set(['downgrade-marker', 'wrong-finished', 'wrong-certificate-verify'] as const);
