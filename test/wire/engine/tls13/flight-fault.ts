import type { FlightEdits } from '../../../../src/wire/engine/flight.ts';
import type { PeerCheck } from '../../../../src/wire/engine/peer-check.ts';

/** A fault of one side's flights, and what the other makes of it. */
export interface FlightFault {
  readonly edits: FlightEdits;
  /** What the other side says of it: its alert and the step at which it looked. */
  readonly alert: string;
  readonly step: string;
  /** The check without which the side does not notice. */
  readonly check?: PeerCheck;
}
