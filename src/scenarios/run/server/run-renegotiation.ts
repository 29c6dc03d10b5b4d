import type { Endpoint } from '../../../handshake/attempt/attempt-options.ts';
import type { ObservedServer } from '../../../handshake/server/observed-server.ts';
import { addressOf, callPlainly } from './plain-client.ts';
import { nothingSeen, type Observation } from '../../assess/observation.ts';
import type { RenegotiationTrial } from '../../catalogue/protocol-scenario.ts';
import type { RunSettings } from '../run-settings.ts';
import { notJudged } from '../../records/scenario-result.ts';

/** Begins a second handshake on the connection of an authenticated client. */
export async function runRenegotiation(
  { identity }: RenegotiationTrial,
  server: ObservedServer | Endpoint,
  { pki, version, timeout }: RunSettings,
): Promise<Observation> {
  let hasBegun = false;
  const end = await callPlainly<Error | null>(addressOf(server), { identity, trust: pki.anchors, version, timeout }, (socket, came) => {
    socket.once('secureConnect', () => {
      hasBegun = true;
      socket.renegotiate({}, came);
    });
  });
  if (!hasBegun) return nothingSeen(notJudged('the first handshake was refused, so none could follow'));
  const isAccepted = end.kind === 'came' && end.value === null;
  return { kind: 'renegotiation', isAccepted, detail: detailOf(end) };
}

function detailOf(end: { readonly kind: string; readonly words?: string; readonly value?: Error | null }): string {
  if (end.kind === 'silence') return 'no answer within the time limit';
  return end.words ?? end.value?.message ?? 'without a message';
}
