import { MtlsFixturesError } from '../../../errors/index.ts';
import type { ClientFault } from '../../../faults/client/client-fault.ts';
import type { ClientFaultOutcome } from '../../../faults/client/client-fault-outcome.ts';
import { sendClientFault } from '../../../faults/client/send-client-fault.ts';
import type { Endpoint } from '../../../handshake/attempt/attempt-options.ts';
import type { ObservedServer } from '../../../handshake/server/observed-server.ts';
import { addressOf } from './plain-client.ts';
import { type Played, settledPlay } from '../../assess/observation.ts';
import type { ClientFaultTrial } from '../../catalogue/protocol-scenario.ts';
import { refusalOfValidClient, type RunSettings } from '../run-client-scenario.ts';
import { notJudged, unexpected, unsuitable } from '../../records/scenario-result.ts';
import { weighClientFault } from '../../assess/assess-client-fault.ts';

/** Shows a server a client that keeps to no protocol, and then a valid client, who must still be served. */
export async function playClientFault(
  { fault, identity }: ClientFaultTrial,
  server: ObservedServer | Endpoint,
  settings: RunSettings,
): Promise<Played> {
  const { version, timeout } = settings;
  const { host, port, servername, starttls } = addressOf(server);
  if (starttls !== undefined) return settledPlay(unsuitable('clients that misbehave are not tried behind STARTTLS'));
  const options = { timeout, servername, minVersion: version, maxVersion: version, ...(identity && { identity }) };
  const outcome = await send({ host, port }, fault, options);
  if (outcome instanceof MtlsFixturesError) return settledPlay(notJudged(outcome.message));
  const refusal = await refusalOfValidClient(server, settings);
  if (refusal)
    return settledPlay(
      unexpected(`after it the valid client was refused, though it was let in before: ${refusal.message}`),
      refusal.handshake,
    );
  return { weigh: (expected) => weighClientFault(fault, outcome, { expected, timeout }) };
}

/** Nobody listens any more, or the like. */
async function send(
  target: { readonly host: string; readonly port: number },
  fault: ClientFault,
  options: Parameters<typeof sendClientFault>[2],
): Promise<ClientFaultOutcome | MtlsFixturesError> {
  try {
    return await sendClientFault(target, fault, options);
  } catch (error) {
    if (error instanceof MtlsFixturesError) return error;
    throw error;
  }
}
