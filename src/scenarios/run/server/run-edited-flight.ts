import { MtlsFixturesError } from '../../../errors/index.ts';
import type { ClientFaultOutcome, FlightReport } from '../../../faults/client/client-fault-outcome.ts';
import type { Endpoint } from '../../../handshake/attempt/attempt-options.ts';
import type { ObservedServer } from '../../../handshake/server/observed-server.ts';
import { nothingSeen, type Observation } from '../../assess/observation.ts';
import type { EditedFlightTrial } from '../../catalogue/protocol-scenario.ts';
import { type Assessment, notJudged, unsuitable } from '../../records/scenario-result.ts';
import type { RunSettings } from '../run-settings.ts';
import { addressOf } from './plain-client.ts';
import { encodeHttp1, preparedRequest } from './server-request.ts';
import { refusalOfValidClient } from './valid-client.ts';

/** Performs a handshake unedited, which has to be accepted, then edited, and then has the valid client try once more. */
export async function runEditedFlight(
  { flight, identity }: EditedFlightTrial,
  server: ObservedServer | Endpoint,
  settings: RunSettings,
): Promise<Observation> {
  const { version, timeout } = settings;
  const { host, port, servername, starttls } = addressOf(server, settings);
  if (starttls !== undefined) return nothingSeen(unsuitable('edited handshakes are not tried behind STARTTLS'));
  const options = {
    host,
    port,
    timeout,
    servername,
    minVersion: version,
    maxVersion: version,
    identity,
    request: encodeHttp1(preparedRequest(settings, { servername })),
  };
  const { sendFlight } = await import('../../../faults/flights/client/send-flight.ts'); // with the engine for tests, which nothing else needs
  const send = (isEdited: boolean): Promise<ClientFaultOutcome> => sendFlight(flight, options, { isEdited });
  const control = await orError(() => send(false));
  if (control instanceof MtlsFixturesError) return nothingSeen(notJudged(control.message));
  const obstacle = obstacleIn(control);
  if (obstacle) return nothingSeen(obstacle);
  const outcome = await orError(() => send(true));
  if (outcome instanceof MtlsFixturesError) return nothingSeen(notJudged(outcome.message));
  const refusal = await refusalOfValidClient(server, settings);
  return {
    kind: 'sent-edited-flight',
    flight,
    outcome,
    isControlAnswered: control.applicationData,
    isControlAsked: control.flight?.isAsked === true,
    timeout,
    ...(refusal && { handshake: refusal.handshake, validRefusedAfter: refusal.message }),
  };
}

/** Why the edited handshake would show nothing: the same unedited was not accepted, or is not what the edit is made for. */
function obstacleIn({ applicationData, alert, ended, flight }: ClientFaultOutcome): Assessment | undefined {
  if (flight?.unfit !== undefined) return unsuitable(flight.unfit);
  if (flight?.isResumed === false) return unsuitable('the server does not resume its session');
  if (flight?.problem !== undefined) return notJudged(`${unedited} did not end as the RFC says: ${flight.problem}`);
  if (alert) return notJudged(`${unedited} was refused with the alert ${alert.name}${at(flight)}`);
  const { kind, how } = flight?.end ?? {};
  if (kind === 'silent' || kind === 'not-tls') return notJudged(`${unedited} was not accepted: ${how}${at(flight)}`);
  const isOver = ended !== 'still-open' && !applicationData;
  if (isOver && flight?.isCompleted !== true)
    return notJudged(`${unedited} was not accepted: the server ended the connection (${ended})${at(flight)}`);
  return undefined;
}

/** The message at which the handshake ended. */
function at(flight: FlightReport | undefined): string {
  return flight?.end ? ` (${flight.end.code} at "${flight.end.step}")` : '';
}

const unedited = 'not judged: the same handshake unedited';

/** The error where, for example, nothing listens any more. */
async function orError<Value>(run: () => Promise<Value>): Promise<Value | MtlsFixturesError> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof MtlsFixturesError) return error;
    throw error;
  }
}
