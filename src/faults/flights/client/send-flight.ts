import { invalidOption } from '../../../errors/index.ts';
import type { ClientFaultOutcome } from '../../client/client-fault-outcome.ts';
import { connectWatched } from '../../client/connect-watched.ts';
import type { EngineSession } from '../../../wire/engine/engine-session.ts';
import type { EngineVersion } from '../../../wire/engine/engine-version.ts';
import type { ClientFlightFault } from './client-flight-fault.ts';
import type { EditedFlight } from './edited-flight.ts';
import { editedFlights } from './edited-flights.ts';
import { exchangeFlight } from './exchange-flight.ts';
import type { FlightOptions } from './flight-exchange.ts';
import type { FlightPlan } from './flight-plan.ts';

/** Performs the handshake of an edited flight with a server, or the same unedited, and a request after it; reports what the server did with it. */
export async function sendFlight(
  name: ClientFlightFault,
  options: FlightOptions,
  { isEdited }: { readonly isEdited: boolean },
): Promise<ClientFaultOutcome> {
  const flight: EditedFlight = editedFlights[name];
  const version = versionOf(name, flight, options);
  requireKey(name, flight, options);
  const plan: FlightPlan = { flight, version, isEdited, ...(await resumptionOf(flight, { version, isEdited }, options)) };
  const { socket, watch } = await connectWatched(options);
  await exchangeFlight(socket, plan, options, watch);
  return watch.outcome();
}

/** The session that is offered, where one is. */
async function resumptionOf(
  flight: EditedFlight,
  { version, isEdited }: Pick<FlightPlan, 'version' | 'isEdited'>,
  options: FlightOptions,
): Promise<Pick<FlightPlan, 'resumes' | 'session'>> {
  if (flight.handshake === 'session') return { resumes: true, session: await sessionOf(flight, version, options) };
  if (flight.handshake !== 'session-of-tls13' || !isEdited) return {};
  const session = await sessionOf(flight, 'TLSv1.3', options);
  return { resumes: true, session: session && version === 'TLSv1.2' ? inTls12(session) : session };
}

/** A session of TLS 1.3 has no master secret: a server that takes it all the same goes on from zeros, as Mbed TLS did (CVE-2026-34873). */
function inTls12(session: EngineSession): EngineSession {
  return { ...session, version: 'TLSv1.2', secret: Buffer.alloc(masterSecretLength) };
}

/** A session of the server, by the same handshake unedited; undefined where it gives none. */
async function sessionOf(flight: EditedFlight, version: EngineVersion, options: FlightOptions): Promise<EngineSession | undefined> {
  const { socket, watch } = await connectWatched(options);
  const session = await exchangeFlight(socket, { flight, version, isEdited: false }, options, watch);
  watch.outcome(); // destroys the socket
  return session;
}

/** The latest version that the flight exists in. */
function versionOf(name: string, { edits }: EditedFlight, { minVersion, maxVersion }: FlightOptions): EngineVersion {
  const version = (['TLSv1.3', 'TLSv1.2'] as const).find((each) => edits[each] && each >= minVersion && each <= maxVersion); // their names sort as they do
  if (version) return version;
  throw invalidOption('maxVersion', maxVersion, `a version of the flight "${name}": ${Object.keys(edits).join(' or ')}`);
}

/** An edit that is made for one kind of key is none for another. */
function requireKey(name: string, { key }: EditedFlight, { identity }: FlightOptions): void {
  if (key === undefined || !identity) return;
  const { asymmetricKeyType, asymmetricKeyDetails } = identity.certificate.publicKey;
  const isFit = key === 'rsa-2048' ? asymmetricKeyType === 'rsa' : asymmetricKeyDetails?.namedCurve === 'prime256v1';
  if (isFit) return;
  throw invalidOption('identity', identity.name, `an identity with a key of ${key}, which the flight "${name}" is made for`);
}

const masterSecretLength = 48;
