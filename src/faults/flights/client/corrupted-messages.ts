import { monotonicNow } from '../../../clock/real-clock.ts';
import type { EngineVersion } from '../../../wire/engine/engine-version.ts';
import type { CorruptedMessageFault } from '../../client/client-fault.ts';
import type { ClientFaultOutcome } from '../../client/client-fault-outcome.ts';
import { connectWatched } from '../../client/connect-watched.ts';
import { withLastOctetChanged } from '../last-octet.ts';
import { type EditedFlights, inBoth } from './edited-flight.ts';
import { exchangeFlight } from './exchange-flight.ts';
import type { FlightOptions } from './flight-exchange.ts';

/**
 * Performs a handshake in which the last octet of one message is changed, in the latest version of TLS that the options allow. A server that does not speak that is
 * tried in the one before, on another connection.
 */
export async function sendCorruptedMessage({ kind }: CorruptedMessageFault, options: FlightOptions): Promise<ClientFaultOutcome> {
  const { minVersion, maxVersion, timeout } = options;
  const startedAt = monotonicNow();
  const first = await send(kind, maxVersion, options);
  if (maxVersion === minVersion || !speaksOtherVersion(first)) return withoutReport(first);
  const left = Math.max(1, timeout - (monotonicNow() - startedAt));
  return withoutReport(await send(kind, minVersion, { ...options, timeout: left }));
}

async function send(kind: CorruptedMessageFault['kind'], version: EngineVersion, options: FlightOptions): Promise<ClientFaultOutcome> {
  const { socket, watch } = await connectWatched(options);
  await exchangeFlight(socket, { flight: corrupted[kind], version, isEdited: true }, options, watch);
  return watch.outcome();
}

/** Whether the ClientHello was refused, or answered in another version. */
function speaksOtherVersion({ flight }: ClientFaultOutcome): boolean {
  return flight?.end?.step === 'server server_hello' && (flight.end.kind === 'refused' || flight.end.kind === 'wrong-answer');
}

/** The report is one of edited flights. Data of a server that may have been written too early to answer the client counts unless an alert of it followed. */
function withoutReport({ flight, ...outcome }: ClientFaultOutcome): ClientFaultOutcome {
  const isUnrefused = flight?.sentEarlyData === true && outcome.alert === undefined;
  return { ...outcome, applicationData: outcome.applicationData || isUnrefused };
}

const corrupted = {
  'wrong-finished': { shown: 'Finished (with its last octet changed)', readsOn: true, edits: inBoth(withLastOctetChanged('finished')) },
  'wrong-certificate-verify': {
    shown: 'CertificateVerify (with its last octet changed)',
    onlyWith: 'certificate_verify',
    readsOn: true,
    edits: inBoth(withLastOctetChanged('certificate_verify')),
  },
} as const satisfies EditedFlights<CorruptedMessageFault['kind']>;
