import type { Identity, Pki } from '../../../src/index.ts';
import type { ServerFlightFault } from '../../../src/faults/flights/server/server-flight-fault.ts';
import { keyTypeFor } from '../../../src/faults/flights/server/server-flight-fault.ts';
import { startFaultServer } from '../../../src/faults/server/start-fault-server.ts';
import type { TlsVersion } from '../../../src/scenarios/catalogue/scenario.ts';
import { clientScenario } from '../../scenarios/scenario.ts';
import type { ClientPeer } from './peer.ts';

/** What a client made of one flight of a server. */
interface FlightAnswer {
  /**
   * `accepted`, the alert by which it refused, `no alert` where it refused without one, `not offered` where it did not meet the fault, `not judged` where the server gave up on
   * it, or what else became of the connection.
   */
  readonly answer: string;
  /** The client's own words. */
  readonly words: string;
}

/** Has a client call a server one flight of which differs, or with `unedited` does not. */
export async function answerTo(
  client: ClientPeer,
  {
    pki,
    flight,
    version,
    unedited = false,
  }: { readonly pki: Pki; readonly flight: ServerFlightFault; readonly version: TlsVersion; readonly unedited?: boolean },
): Promise<FlightAnswer> {
  const identity = identityFor(flight, pki);
  const limits = { timeout: 5000, minVersion: version, maxVersion: version };
  await using server = await startFaultServer({ kind: 'edited-flight', flight, unedited }, { identity, trust: pki.anchors, ...limits });
  const credential = clientScenario('valid').arrange(pki);
  const { verdict, words } = await client.call({ port: server.port, credential, serverName: 'localhost', trust: pki.anchors, version });
  await server.connectionsEnded();
  const { alerts, faultsShown, applicationData, completedHandshakes, ownFailure } = server;
  const [alert] = alerts;
  if (faultsShown === 0) return { answer: 'not offered', words };
  if (verdict === 'accepted') return { answer: 'accepted', words };
  if (applicationData > 0) return { answer: 'application data', words };
  if (alert) return { answer: alert.name, words };
  if (ownFailure !== undefined) return { answer: 'not judged', words: `${ownFailure}: ${words}` };
  return { answer: completedHandshakes > 0 ? 'completed' : 'no alert', words };
}

function identityFor(flight: ServerFlightFault, pki: Pki): Identity {
  const keyType = keyTypeFor(flight);
  return pki.server({ keyAlgorithm: keyType === 'rsa' ? 'rsa-2048' : 'ec-p256' });
}
