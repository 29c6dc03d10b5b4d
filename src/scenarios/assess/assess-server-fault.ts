import type { FaultServer } from '../../faults/server/fault-server.ts';
import type { ServerFault } from '../../faults/server/server-fault.ts';
import { describeErrors, handshakeFailure } from '../../handshake/verdict/client-errors/handshake-failure.ts';
import { engineReason } from '../../handshake/verdict/client-errors/other-failure.ts';
import type { ExpectedOutcome } from '../catalogue/scenario.ts';
import { asExpected, describeOutcome, notJudged, unexpected, unsuitable, type Weighed } from '../records/scenario-result.ts';
import type { Settled } from './settle-call.ts';
import { obstacleIn } from './assess-call.ts';

/** What a fault server counted. */
export type FaultTally = Pick<FaultServer, 'connections' | 'clientHellos' | 'faultsShown' | 'plaintextConnections'>;

/** How to weigh. */
export interface FaultExpectation {
  readonly expected: ExpectedOutcome;
  /** What the user expects in place of what the scenario says. */
  readonly demanded: ExpectedOutcome | undefined;
  readonly fault: ServerFault;
}

/** Weighs how a call to a server that keeps to no protocol ended: it has to fail, by itself, and never to go on in the clear. */
export function weighServerFault(settled: Settled, tally: FaultTally, { expected, demanded, fault }: FaultExpectation): Weighed {
  if (tally.plaintextConnections > 0) return unexpected('the client spoke in the clear to the TLS port: it falls back when TLS fails');
  if (settled.kind === 'hung')
    return unexpected('the call did not come to an end within the bound; a client has to end by itself what cannot go on');
  if (tally.connections === 0) return neverArrived(settled);
  if (settled.kind === 'resolved') return weighSuccess(expected, tally);
  const words = describeErrors(settled.error);
  if (answersHttp1.has(fault.kind) && words.includes('ERR_HTTP2_'))
    return unsuitable(`this fault is in an answer over HTTP/1.1, and the client speaks HTTP/2 whatever the server chose: ${words}`);
  if (expected.verdict === 'accepted') return unexpected(`expected the client to trust the server, but the call failed with ${words}`);
  if (tally.faultsShown === 0) return unshown(tally, words);
  return (
    obstacle(settled.error, fault) ?? otherWords(settled.error, expected, demanded) ?? asExpected(`the call failed, as expected: ${words}`)
  );
}

function neverArrived(settled: Settled): Weighed {
  if (settled.kind !== 'rejected') return unexpected('the call succeeded, but not by this server: no connection reached it');
  return notJudged(`no connection reached the server; the call failed with ${describeErrors(settled.error)}`);
}

function weighSuccess(expected: ExpectedOutcome, { faultsShown }: FaultTally): Weighed {
  if (expected.verdict === 'rejected') return unexpected(`expected ${describeOutcome(expected)}, but the call succeeded`);
  return faultsShown > 0
    ? asExpected('the call succeeded, as expected')
    : notJudged('the call succeeded, but the client did not meet the fault');
}

function unshown({ clientHellos }: FaultTally, words: string): Weighed {
  return clientHellos > 0
    ? unsuitable(`the client does not offer the version of TLS that the fault belongs to: ${words}`)
    : notJudged(`the client left before it met the fault: ${words}`);
}

/** To give up after a time is an answer to silence; to a fault that has to be noticed it is none. */
function obstacle(error: unknown, { kind }: ServerFault): Weighed | undefined {
  const what = obstacleIn(error);
  if (what === undefined) return undefined;
  if (what !== timedOut) return notJudged(`the client did not judge: ${what}: ${describeErrors(error)}`);
  return needsNotice.has(kind)
    ? unexpected(`the client did not notice, and waited until it timed out: ${describeErrors(error)}`)
    : undefined;
}

/** The alert has to be the one that was sent, where the client's library names it. Reasons differ from stack to stack: only what the user expects is compared. */
function otherWords(error: unknown, expected: ExpectedOutcome, demanded: ExpectedOutcome | undefined): Weighed | undefined {
  if (expected.verdict === 'accepted') return undefined;
  const { by, alert, reason = engineReason(error) } = handshakeFailure(error) ?? {};
  if (by === 'server' && expected.by === 'server' && alert !== undefined && expected.alert !== undefined && alert !== expected.alert)
    return unexpected(`expected ${describeOutcome(expected)}, but the error names the alert ${alert}: ${describeErrors(error)}`);
  if (demanded?.verdict === 'rejected' && demanded.reason !== undefined && reason !== undefined && reason !== demanded.reason)
    return unexpected(`expected ${describeOutcome(demanded)}, but the call failed for another reason, ${reason}: ${describeErrors(error)}`);
  return undefined;
}

const answersHttp1: ReadonlySet<ServerFault['kind']> = new Set(['close-without-close-notify', 'one-byte-at-a-time'] as const);
const timedOut = 'the call timed out';
const needsNotice: ReadonlySet<ServerFault['kind']> = new Set(['downgrade-marker', 'wrong-finished', 'wrong-certificate-verify'] as const);
