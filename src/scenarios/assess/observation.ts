import type { Handshake } from '../../handshake/verdict/handshake.ts';
import type { ExpectedOutcome } from '../catalogue/scenario.ts';
import type { Weighed } from '../records/scenario-result.ts';

/** What a trial came to, to be weighed against what is expected. */
export interface Played {
  weigh(expected: ExpectedOutcome): Weighed;
  /** What happened on the wire, where it was observed. */
  readonly handshake?: Handshake;
  /** Set where the error of the user's own library says that the version of TLS was refused. */
  readonly refusesVersion?: true;
}

/** A trial that came to the same whatever was expected: it could not be judged, or something that is never right. */
export function settledPlay(weighed: Weighed, handshake?: Handshake): Played {
  return { weigh: () => weighed, ...(handshake && { handshake }) };
}
