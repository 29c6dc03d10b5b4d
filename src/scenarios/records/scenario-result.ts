import type { Handshake } from '../../handshake/verdict/handshake.ts';
import type { Alert } from '../../wire/records/alert-record.ts';
import type { ExpectedOutcome } from '../catalogue/scenario.ts';

/** The result of running one scenario. */
export interface ScenarioResult {
  readonly id: string;
  /** `not-judged`: the target could not be assessed, for example because it refuses the valid client too; never a pass. */
  readonly status: 'as-expected' | 'unexpected' | 'not-judged';
  readonly expected: ExpectedOutcome;
  /** Only with `not-judged`: nothing is wrong, this target cannot take part (it would have to be configured, or present what no library presents). */
  readonly unsuitable?: true;
  /** Only with `unsuitable`: why, where it is the same for several scenarios, without the id of this one. */
  readonly common?: string;
  /** What happened on the wire, where it was observed. */
  readonly handshake?: Handshake;
  /** Of an edited handshake: the alert that the end under test sent. */
  readonly alert?: Alert;
  /** Of an edited handshake: the connection as a capture file (pcapng), with the secrets that decrypt it. */
  readonly capture?: Uint8Array;
  /** One sentence, and after it what was seen. */
  readonly message: string;
}

/** How an observation compares with what was expected. */
export interface Assessment {
  readonly status: ScenarioResult['status'];
  readonly message: string;
  readonly unsuitable?: true;
  readonly common?: string;
}

/** An assessment, and the handshake that it rests on where it rests on one. */
export interface Seen extends Assessment {
  readonly handshake?: Handshake | undefined;
}

export function asExpected(message: string): Assessment {
  return { status: 'as-expected', message };
}

export function unexpected(message: string): Assessment {
  return { status: 'unexpected', message };
}

export function notJudged(message: string): Assessment {
  return { status: 'not-judged', message };
}

/** The target cannot take part. */
export function unsuitable(message: string): Assessment {
  return { status: 'not-judged', message, unsuitable: true };
}

/** `rejected by the server with CERT_HAS_EXPIRED (alert certificate_expired)`, for messages. */
export function describeOutcome(expected: ExpectedOutcome): string {
  if (expected.verdict === 'accepted') return 'accepted';
  const { by, reason, alert } = expected;
  return `rejected by the ${by}${reason === undefined ? '' : ` with ${reason}`}${alert === undefined ? '' : ` (alert ${alert})`}`;
}
