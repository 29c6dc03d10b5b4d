import { keyTypeFor, type ServerFlightFault, versionsOfFlight } from '../../../../faults/flights/server/server-flight-fault.ts';
import type { AlertName } from '../../../../wire/records/alerts.ts';
import { accepted, byVersion, type ClientDefinition, rejectedBy } from '../../protocol-definition.ts';
import type { ExpectedOutcome, TlsVersion } from '../../scenario.ts';

/** A row about a flight of the server: the rest follows from the fault. */
export interface ServerFlightRow
  extends Omit<ClientDefinition, 'id' | 'versions' | 'expected' | 'arrange' | 'tier'>, Partial<Pick<ClientDefinition, 'tier'>> {
  readonly flight: ServerFlightFault;
  /** The alert by which the client has to refuse, as the RFC names it, of both versions or of each; `accepted` where it has to go on. */
  readonly answer: Answer | Readonly<Record<TlsVersion, Answer>>;
}

type Answer = AlertName | 'accepted';

/** The scenario of a row. */
export function serverFlight({ flight, answer, tier = 'core', ...row }: ServerFlightRow): ClientDefinition {
  const keyAlgorithm = keyAlgorithms[keyTypeFor(flight) ?? 'any'];
  return {
    id: `server-${flight}`,
    tier,
    ...row,
    versions: versionsOfFlight(flight),
    expected: typeof answer === 'string' ? outcomeOf(answer) : byVersion(outcomeOf(answer['TLSv1.3']), outcomeOf(answer['TLSv1.2'])),
    arrange: (pki, valid) => ({
      kind: 'server-fault',
      fault: { kind: 'edited-flight', flight },
      identity: valid.server(pki, keyAlgorithm && { keyAlgorithm }),
    }),
  };
}

function outcomeOf(answer: Answer): ExpectedOutcome {
  return answer === 'accepted' ? accepted : rejectedBy('client', undefined, answer);
}

const keyAlgorithms = { rsa: 'rsa-2048', p256: 'ec-p256', any: undefined } as const;
