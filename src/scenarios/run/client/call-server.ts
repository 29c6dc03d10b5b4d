import type { Observation } from '../../assess/observation.ts';
import type { ArrangedCredential } from '../../catalogue/scenario.ts';
import { awaitCall } from '../await-call.ts';
import type { CallSettings } from '../run-settings.ts';
import type { ClientCall } from '../target.ts';
import { startPeer } from './start-peer.ts';

/** Starts a server with a credential and lets the client under test call it once. */
export async function callServer(
  call: ClientCall,
  credential: ArrangedCredential,
  { pki, version, timeout, startPeer: start, respond }: CallSettings,
): Promise<Observation> {
  const peer = await startPeer(credential, { pki, version, start, respond });
  try {
    const result = await awaitCall(() => call(peer.call), timeout);
    const handshakes = await peer.handshakes({ wait: result.kind !== 'hung' });
    const handshake = handshakes.at(-1);
    return { kind: 'called-server', result, handshakes, credential, ...(handshake && { handshake }) };
  } finally {
    await peer.close();
  }
}
