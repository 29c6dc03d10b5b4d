import { type Played, settledPlay } from '../../assess/observation.ts';
import type { HandshakeTrial } from '../../catalogue/protocol-scenario.ts';
import type { RunSettings } from '../run-client-scenario.ts';
import { notJudged, unsuitable } from '../../records/scenario-result.ts';
import { tryHandshake } from './try-handshake.ts';
import type { ReachableServer } from './usual-server.ts';

/** Tries the handshake of a scenario; of the version that is tried, unless the scenario is about versions. */
export async function playHandshake(
  { options, alpnControl, cutCounts }: HandshakeTrial,
  server: ReachableServer,
  settings: RunSettings,
): Promise<Played> {
  const { pki, version, timeout, expected } = settings;
  const usual = { trust: pki.anchors, minVersion: version, maxVersion: version, timeout };
  // Who says what to expect knows whether the server requires ALPN.
  if (alpnControl && !expected) {
    const control = await tryHandshake(server, { ...usual, ...alpnControl });
    const { handshake } = control;
    const isRefusal = handshake?.alert?.name === 'no_application_protocol'; // it requires a protocol, and none that is known
    const weighed = control.weigh({ verdict: 'accepted' });
    if (weighed.status !== 'as-expected' && !isRefusal)
      return settledPlay(notJudged(`a client that offers known application protocols was refused: ${weighed.message}`), handshake);
    if (handshake?.alpn === undefined && !isRefusal)
      return settledPlay(unsuitable('the server agrees to no application protocol (ALPN), so there is none to disagree about'), handshake);
  }
  return tryHandshake(server, { ...usual, ...options }, { cutCounts });
}
