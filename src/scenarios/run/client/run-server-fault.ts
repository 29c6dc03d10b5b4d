import { after } from '../../../clock/real-clock.ts';
import { startFaultServer } from '../../../faults/server/start-fault-server.ts';
import { nothingSeen, type Observation } from '../../assess/observation.ts';
import type { ServerFaultTrial } from '../../catalogue/protocol-scenario.ts';
import { unsuitable } from '../../records/scenario-result.ts';
import { awaitCall } from '../await-call.ts';
import type { CallSettings } from '../run-settings.ts';
import type { ClientCall } from '../target.ts';

/** Lets a client under test call a server that violates the protocol. */
export async function runServerFault(
  { fault, identity }: ServerFaultTrial,
  call: ClientCall,
  { pki, version, timeout, startPeer }: CallSettings,
): Promise<Observation> {
  if (startPeer && speaksHttp.has(fault.kind))
    return nothingSeen(unsuitable('this fault is in an answer over HTTP/1.1, and the client speaks another protocol (startPeer)'));
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
    const result = await awaitCall(() => call(peer), timeout);
    // The client's last bytes may still be in transit.
    await Promise.race([server.connectionsEnded(), new Promise<void>((resolve) => after(lateMs, resolve, { unref: true }))]);
    const { connections, clientHellos, faultsShown, plaintextConnections } = server;
    const tally = { connections, clientHellos, faultsShown, plaintextConnections };
    return { kind: 'called-fault-server', fault, result, tally };
  } finally {
    await server.close();
  }
}

const lateMs = 1000;
const speaksHttp: ReadonlySet<string> = new Set(['close-without-close-notify', 'one-byte-at-a-time']);
