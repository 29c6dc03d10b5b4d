import { nothingSeen, type Observation } from '../../assess/observation.ts';
import type { RenegotiationByServerTrial } from '../../catalogue/protocol-scenario.ts';
import { unsuitable } from '../../records/scenario-result.ts';
import { awaitCall } from '../await-call.ts';
import type { CallSettings } from '../run-settings.ts';
import type { ClientCall } from '../target.ts';
import { startRenegotiatingServer } from './renegotiating-server.ts';

/** Lets a client under test call a server twice, which renegotiates in the second call. The first call is the control of the second. */
export async function runRenegotiationByServer(
  { identity, second }: RenegotiationByServerTrial,
  call: ClientCall,
  { pki, timeout, startPeer, respond }: CallSettings,
): Promise<Observation> {
  if (startPeer)
    return nothingSeen(unsuitable('the server of this scenario speaks HTTP/1.1, and the client speaks another protocol (startPeer)'));
  const server = await startRenegotiatingServer({ identity, second, trust: pki.anchors, respond });
  const { port } = server;
  const { key, cert } = pki.client().tls;
  const peer = { url: `https://localhost:${port}/`, host: 'localhost', port, tls: { key, cert, ca: pki.anchors } };
  try {
    const first = await awaitCall(() => call({ ...peer, call: 1 }), timeout);
    // The valid server was trusted before, with such a certificate: what differs is that this one has no HTTP/2 to offer.
    if (first.kind !== 'resolved')
      return nothingSeen(unsuitable('the first of two calls failed: the client does not take a server of HTTP/1.1 alone'));
    server.renegotiates = true;
    const result = await awaitCall(() => call({ ...peer, call: 2 }), timeout);
    return { kind: 'called-renegotiating-server', result, renegotiation: server.renegotiation };
  } finally {
    await server.close();
  }
}
