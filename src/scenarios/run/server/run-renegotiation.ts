import type { Endpoint } from '../../../handshake/attempt/attempt-options.ts';
import type { ObservedServer } from '../../../handshake/server/observed-server.ts';
import { addressOf, callPlainly } from './plain-client.ts';
import { nothingSeen, type Observation } from '../../assess/observation.ts';
import type { RenegotiationTrial } from '../../catalogue/protocol-scenario.ts';
import { type RunSettings, serverAnchors } from '../run-settings.ts';
import { notJudged } from '../../records/scenario-result.ts';

/** Begins a second handshake on the connection of an authenticated client. */
export async function runRenegotiation(
  { identity }: RenegotiationTrial,
  server: ObservedServer | Endpoint,
  settings: RunSettings,
): Promise<Observation> {
  const { version, timeout } = settings;
  let hasBegun = false;
  const end = await callPlainly<Error | null>(
    addressOf(server, settings),
    { identity, trust: serverAnchors(settings), version, timeout },
    (socket, { came }) => {
      socket.once('secureConnect', () => {
        hasBegun = true;
        socket.renegotiate({}, came);
      });
    },
  );
  if (!hasBegun) return nothingSeen(notJudged('the first handshake was refused, so none could follow'));
  if (end.kind === 'silence')
    return nothingSeen(notJudged(`the renegotiation was neither begun nor refused within ${end.milliseconds} ms`), end.handshake);
  if (end.kind === 'ended') return { kind: 'renegotiation', isAccepted: false, detail: end.words };
  return { kind: 'renegotiation', isAccepted: end.value === null, detail: end.value?.message ?? 'without a message' };
}
