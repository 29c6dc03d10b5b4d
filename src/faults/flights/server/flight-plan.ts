import type { FlightContext, FlightEdit, FlightEdits } from '../../../wire/engine/flight.ts';
import type { ServerOptions } from '../../../wire/engine/peer-options.ts';
import type { ServerFlightFault, VersionOf } from './server-flight-fault.ts';

/** How a server shows a fault: the edits, and what it has to do for there to be something to edit. */
export interface FlightPlan {
  readonly edits: FlightEdits;
  /** How its server is set up, with the edits and in the control without them. */
  readonly options?: Pick<ServerOptions, 'helloRetry' | 'requestCertificate' | 'tickets' | 'skipped'>;
  /** Whether the client has offered what the fault needs; default: it always has. */
  readonly appliesTo?: (context: FlightContext) => boolean;
}

/** The plan of each fault, by the version of TLS. */
export type FlightPlans = {
  readonly [F in ServerFlightFault]: { readonly [V in VersionOf<F>]: FlightPlan };
};

/** The plan of a fault in the flight that answers the ClientHello. */
export function inServerFlight(edit: FlightEdit): FlightPlan {
  return { edits: { server: edit } };
}

/** The same fault in both versions of TLS. */
export function inBothVersions(plan: FlightPlan): { readonly 'TLSv1.3': FlightPlan; readonly 'TLSv1.2': FlightPlan } {
  return { 'TLSv1.3': plan, 'TLSv1.2': plan };
}
