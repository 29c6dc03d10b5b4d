import { after } from '../../../clock/real-clock.ts';
import { startFaultServer } from '../../../faults/server/start-fault-server.ts';
import { type Played, settledPlay } from '../../assess/observation.ts';
import type { ServerFaultTrial } from '../../catalogue/protocol-scenario.ts';
import type { CallSettings } from '../run-server-scenario.ts';
import { unsuitable } from '../../records/scenario-result.ts';
import { settleCall } from '../../assess/settle-call.ts';
import type { ClientCall } from '../target.ts';
import { weighServerFault } from '../../assess/assess-server-fault.ts';

/** Lets a client under test call a server that keeps to no protocol. */
export async function playServerFault(
  { fault, identity }: ServerFaultTrial,
  call: ClientCall,
  { pki, version, timeout, startPeer, expected: demanded }: CallSettings,
): Promise<Played> {
  if (startPeer && speaksHttp.has(fault.kind))
    return settledPlay(unsuitable('this fault is in an answer over HTTP/1.1, and the client speaks another protocol (startPeer)'));
  const server = await startFaultServer(fault, {
    identity,
    trust: pki.anchors,
    timeout: timeout + lateMs, // it is the client that is to give up
    minVersion: version,
    maxVersion: version,
  });
  try {
    const { port } = server;
    const { tls } = pki.client();
    const peer = { url: `https://localhost:${port}/`, host: 'localhost', port, tls: { ...tls, ca: pki.anchors } };
    const settled = await settleCall(() => call(peer), timeout);
    // What the client did last may still be on its way.
    await Promise.race([server.connectionsEnded(), new Promise<void>((resolve) => after(lateMs, resolve, { unref: true }))]);
    const { connections, clientHellos, faultsShown, plaintextConnections } = server;
    const tally = { connections, clientHellos, faultsShown, plaintextConnections };
    return { weigh: (expected) => weighServerFault(settled, tally, { expected, demanded, fault }) };
  } finally {
    await server.close();
  }
}

const lateMs = 1000;
const speaksHttp: ReadonlySet<string> = new Set(['close-without-close-notify', 'one-byte-at-a-time']);
