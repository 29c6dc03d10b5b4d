import type { ClientFault } from '../../faults/client/client-fault.ts';
import type { ClientFaultOutcome } from '../../faults/client/client-fault-outcome.ts';
import type { ExpectedOutcome } from '../catalogue/scenario.ts';
import { asExpected, type Assessment, describeOutcome, notJudged, unexpected, unsuitable } from '../records/scenario-result.ts';
import type { SentClientFault } from './observation.ts';

/**
 * Assesses what a server did with a client that violates the protocol: it must end the connection within the time limit, serve nothing, and still accept the valid
 * client. The reason is not seen from here, and which alert it sends, if any, is the server's choice.
 */
export function assessClientFault(seen: SentClientFault, expected: ExpectedOutcome): Assessment {
  const { fault, outcome, timeout, validRefusedAfter } = seen;
  if (validRefusedAfter !== undefined)
    return unexpected(`after it the valid client was refused, though it was accepted before: ${validRefusedAfter}`);
  if (fault.kind === 'one-byte-at-a-time' || fault.kind === 'split-client-hello') return assessValidClient(seen, expected);
  const mistake = mistakeOf(fault, outcome, timeout);
  if (mistake === undefined && !outcome.faultSent)
    return notJudged(`the connection ended before the fault could be shown: ${describe(outcome)}`);
  if (expected.verdict === 'accepted') {
    return mistake === undefined
      ? unexpected(`expected accepted, but the server ended the connection: ${describe(outcome)}`)
      : asExpected(`${mistake}, as expected`);
  }
  return mistake === undefined
    ? asExpected(`the server ended the connection and served nothing, as expected: ${describe(outcome)}`)
    : unexpected(`expected ${describeOutcome(expected)}, but ${mistake}`);
}

/** What the server should not have done; undefined where there is nothing. */
function mistakeOf({ kind }: ClientFault, outcome: ClientFaultOutcome, timeout: number): string | undefined {
  const { plaintextStatus, plaintext, applicationData, faultSent, ended } = outcome;
  if (plaintextStatus !== undefined && plaintextStatus < 300) return `the server served a request in plaintext with ${plaintextStatus}`;
  if (plaintext !== undefined && /^[A-Z]+ \//u.test(plaintext)) return 'the server echoed a request in plaintext';
  // HTTP/2 servers send first: a client that leaves after the handshake may have received SETTINGS.
  if (applicationData && kind !== 'half-close')
    return `the server sent application data${faultSent ? '' : ', and never asked for the proof that was to be wrong'}: ${describe(outcome)}`;
  if (ended === 'still-open')
    return `the server had not ended the connection after ${timeout} ms: it waits forever, or longer than the time-out of this test`;
  return undefined;
}

/** Not a fault, but how a valid client's octets are sent. */
function assessValidClient({ fault: { kind }, outcome, answersValid }: SentClientFault, expected: ExpectedOutcome): Assessment {
  const { faultSent, protocol, ended } = outcome;
  const seen = describe(outcome);
  if (!faultSent) return unsuitable(`the client's octets were not sent as they were to be: ${seen}`);
  // Without a ServerHello, or without the answer that the valid client is given, it has not let the client in. A slow client's time may just be up.
  const isCut = kind === 'split-client-hello' && ended !== 'still-open' && (protocol === undefined || answersValid === true);
  const refused = outcome.alert !== undefined || isCut;
  if (expected.verdict === 'accepted') {
    if (outcome.applicationData) return asExpected(`was accepted, as expected: ${seen}`);
    if (refused) return unexpected(`expected accepted, but it was refused: ${seen}`);
    return unsuitable(`the server answers no HTTP request, so it does not show whether it let the client in: ${seen}`);
  }
  if (outcome.applicationData) return unexpected(`expected ${describeOutcome(expected)}, but it was accepted: ${seen}`);
  return refused ? asExpected(`was refused, as expected: ${seen}`) : unsuitable(`it does not show whether the client was refused: ${seen}`);
}

function describe({ ended, alert, plaintextStatus, durationMs }: ClientFaultOutcome): string {
  const parts = [
    alert && `alert ${alert.name}`,
    plaintextStatus !== undefined && `HTTP ${plaintextStatus} in plaintext`,
    ended,
    `after ${durationMs.toFixed(0)} ms`,
  ];
  return parts.filter(Boolean).join(', ');
}
