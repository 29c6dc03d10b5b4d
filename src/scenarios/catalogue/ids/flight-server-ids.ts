import type { ServerFlightFault } from '../../../faults/flights/server/server-flight-fault.ts';

/** Scenarios in which one flight of a server differs from that of a conforming one. */
export type FlightServerScenarioId = `server-${ServerFlightFault}`;
