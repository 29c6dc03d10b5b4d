import type { ClientFlightFault } from '../../../../faults/flights/client/client-flight-fault.ts';
import type { AlertName } from '../../../../wire/records/alerts.ts';
import { forServers, type ServerDefinition } from '../../protocol-definition.ts';
import type { ServerProtocolScenario } from '../../protocol-scenario.ts';
import type { ExpectedOutcome, TlsVersion } from '../../scenario.ts';

/** A flight of a client that is edited in one message. */
export interface ClientFlightRow extends Omit<ServerDefinition, 'id' | 'arrange' | 'expected' | 'at' | 'withoutCertificate' | 'byAttempt'> {
  readonly id: ClientFlightFault;
  /** The alert that the RFC demands or that follows from its words, then others that it leaves to the server. */
  readonly alerts: readonly [AlertName, ...AlertName[]];
  /** The kind of key that the edit is made for; default that of the valid client. */
  readonly key?: 'ec-p256' | 'rsa-2048';
  /** Of a server with hosts it is run for each of them; default for the default alone, since the engine is the same. */
  readonly atEveryHost?: true;
}

/** A table of flights of clients. Each is refused. */
export function clientFlights(...rows: readonly ClientFlightRow[]): readonly ServerProtocolScenario[] {
  return forServers(...rows.map(definitionOf));
}

function definitionOf({ alerts: [alert, ...others], key, atEveryHost, ...row }: ClientFlightRow): ServerDefinition {
  const expected: ExpectedOutcome = Object.freeze({
    verdict: 'rejected',
    by: 'server',
    alert,
    ...(others.length > 0 && { alerts: Object.freeze(others) }),
  });
  return {
    ...row,
    ...(!atEveryHost && { at: 'default' }),
    expected,
    arrange: (pki, valid) => ({ kind: 'edited-flight', flight: row.id, identity: valid.client(pki, key && { keyAlgorithm: key }) }),
  };
}

/** Messages that only this version has, or has in this place. */
export const tls13: readonly TlsVersion[] = Object.freeze(['TLSv1.3']);
export const tls12: readonly TlsVersion[] = Object.freeze(['TLSv1.2']);
