import { inOrder } from '../../../wire/engine/edits.ts';
import type { FlightEdit } from '../../../wire/engine/flight.ts';
import type { PeerCheck } from '../../../wire/engine/peer-check.ts';
import type { ClientOptions } from '../../../wire/engine/peer-options.ts';
import { ownCompressions } from '../../../wire/engine/tls13/messages/compressed-certificate.ts';
import { withoutKeyShares } from '../hello-edits.ts';
import type { EditedFlight } from './edited-flight.ts';
import type { FlightPlan } from './flight-plan.ts';

/** How the engine is set up for a handshake, whichever the server. */
export function setUpOf(plan: FlightPlan): Pick<ClientOptions, 'skipped' | 'extendedMasterSecret' | 'certificateCompression'> {
  const { extendedMasterSecret, compresses } = plan.flight;
  return {
    skipped: skippedIn(plan),
    ...(extendedMasterSecret === false && { extendedMasterSecret }),
    ...(compresses && { certificateCompression: ownCompressions() }),
  };
}

/** How the ClientHellos differ from those of the engine, in the unedited flight too. */
export function hellosOf({ retries, offer = unchanged }: EditedFlight): Readonly<Record<'hello' | 'second-hello', FlightEdit>> {
  return { hello: retries ? inOrder(offer, withoutKeyShares) : offer, 'second-hello': offer };
}

const unchanged: FlightEdit = (messages) => messages;

/** What the client does not check, so that it sees the answer of a server that has taken the edited message for right. */
function skippedIn({ flight, isEdited, version }: FlightPlan): ReadonlySet<PeerCheck> {
  return new Set<PeerCheck>([
    ...(flight.skipped ?? []),
    ...(flight.retries ? retryChecks : []),
    ...(isEdited && version === 'TLSv1.2' ? finishedChecks : []),
  ]);
}

/** The server may ask for the group whose share was taken out of the first ClientHello. */
const retryChecks: readonly PeerCheck[] = ['hello-group'];
/** A server that reads over a message may have another transcript than the client that sent it; its Finished shows acceptance all the same. */
const finishedChecks: readonly PeerCheck[] = ['finished-mac'];
