import { inspectCertificate } from '../../../x509/inspect-certificate.ts';
import type { Observation } from '../../assess/observation.ts';
import type { PeerTrial } from '../../catalogue/protocol-scenario.ts';
import { awaitCall } from '../await-call.ts';
import type { CallSettings } from '../run-settings.ts';
import type { ClientCall } from '../target.ts';
import { startPeer } from './start-peer.ts';

/** Lets a client under test call a real server that is configured in an unusual way. */
export async function runPeer(
  trial: PeerTrial,
  call: ClientCall,
  { pki, version, timeout, startPeer: start, respond }: CallSettings,
): Promise<Observation> {
  const { identity, options } = trial;
  const peer = await startPeer({ identity, host: 'localhost', trust: pki.anchors }, { pki, version, start, respond, options });
  try {
    const result = await awaitCall(() => call(peer.call), timeout);
    const handshakes = await peer.handshakes({ wait: result.kind !== 'hung' });
    const handshake = handshakes.at(-1);
    const ownFingerprint = inspectCertificate(peer.call.tls.cert).fingerprint256;
    return { kind: 'called-peer', trial, result, handshakes, ownFingerprint, ...(handshake && { handshake }) };
  } finally {
    await peer.close();
  }
}
