import type { Endpoint } from '../../../handshake/attempt/attempt-options.ts';
import type { ObservedServer } from '../../../handshake/server/observed-server.ts';
import { addressOf, callPlainly } from './plain-client.ts';
import { type Played, settledPlay } from '../../assess/observation.ts';
import type { RenegotiationTrial } from '../../catalogue/protocol-scenario.ts';
import type { RunSettings } from '../run-client-scenario.ts';
import { asExpected, describeOutcome, notJudged, unexpected } from '../../records/scenario-result.ts';

/** Begins a second handshake on the connection of an authenticated client. */
export async function playRenegotiation(
  { identity }: RenegotiationTrial,
  server: ObservedServer | Endpoint,
  { pki, version, timeout }: RunSettings,
): Promise<Played> {
  let hasBegun = false;
  const end = await callPlainly<Error | null>(addressOf(server), { identity, trust: pki.anchors, version, timeout }, (socket, came) => {
    socket.once('secureConnect', () => {
      hasBegun = true;
      socket.renegotiate({}, came);
    });
  });
  if (!hasBegun) return settledPlay(notJudged('the first handshake was refused, so none could follow'));
  const isAccepted = end.kind === 'came' && end.value === null;
  const seen = isAccepted ? 'the renegotiation was accepted' : `the renegotiation was refused (${wordsOf(end)})`;
  return {
    weigh: (expected) =>
      (expected.verdict === 'accepted') === isAccepted
        ? asExpected(`${seen}, as expected`)
        : unexpected(`expected ${describeOutcome(expected)}, but ${seen}`),
  };
}

function wordsOf(end: { readonly kind: string; readonly words?: string; readonly value?: Error | null }): string {
  if (end.kind === 'silence') return 'no answer within the bound';
  return end.words ?? end.value?.message ?? 'without a word';
}
