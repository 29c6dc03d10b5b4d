import type { Capture } from '../../../wire/tap/capture.ts';
import { roundTrip } from './round-trip.ts';

/**
 * How long a client that completed the handshake and then says nothing is waited for, in milliseconds: its refusal may still be on its way. TLS 1.2 clients verify after
 * the handshake (Node's), others look at the host name then (curl's took hundreds of milliseconds under load). Never less than four round trips of this very connection.
 */
export function silenceBound(
  { clientQuietPeriod, clientSpeaksFirst }: { readonly clientQuietPeriod: number | undefined; readonly clientSpeaksFirst: boolean },
  capture: Capture,
): number {
  const asked = clientQuietPeriod ?? (clientSpeaksFirst ? silenceOfHttpMs : silenceMs);
  return Math.max(asked, leastRoundTrips * (roundTrip(capture.chunks, 'server') ?? 0));
}

const silenceMs = 1000;
/** HTTP clients speak first: one that accepted sends its request. */
const silenceOfHttpMs = 2000;
const leastRoundTrips = 4;
