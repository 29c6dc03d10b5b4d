import { after } from '../../../clock/real-clock.ts';
import type { FaultServerOptions } from '../../../faults/server/fault-server-options.ts';
import type { ServerFault } from '../../../faults/server/server-fault.ts';
import { startFaultServer } from '../../../faults/server/start-fault-server.ts';
import { assessServerFault } from '../../assess/assess-server-fault.ts';
import { type CalledFaultServer, nothingSeen, type Observation } from '../../assess/observation.ts';
import type { ServerFaultTrial } from '../../catalogue/protocol-scenario.ts';
import { notJudged, unsuitable } from '../../records/scenario-result.ts';
import { awaitCall } from '../await-call.ts';
import type { CallSettings } from '../run-settings.ts';
import type { ClientCall } from '../target.ts';
import { http1ServerOf, type Respond, streamServerOf } from './respond.ts';

/** Lets a client under test call a server that violates the protocol; where one flight of the server differs, after one with the same flight as it should be. */
export async function runServerFault(trial: ServerFaultTrial, call: ClientCall, settings: CallSettings): Promise<Observation> {
  const { fault } = trial;
  if (settings.startPeer && speaksHttp.has(fault.kind))
    return nothingSeen(unsuitable('this fault is in an answer over HTTP/1.1, and the client speaks another protocol (startPeer)'));
  if (fault.kind === 'edited-flight') {
    const control = await callFaultServer({ ...trial, fault: { ...fault, unedited: true } }, call, settings);
    const assessment = assessServerFault(control, { verdict: 'accepted' }, undefined);
    if (assessment.unsuitable) return nothingSeen(assessment);
    if (assessment.status !== 'as-expected')
      return nothingSeen(notJudged(`not judged: the same flight without its fault was refused: ${assessment.message}`));
  }
  return callFaultServer(trial, call, settings);
}

async function callFaultServer(
  { fault, identity }: ServerFaultTrial,
  call: ClientCall,
  { pki, version, timeout, startPeer, respond }: CallSettings,
): Promise<CalledFaultServer> {
  const server = await startFaultServer(fault, {
    identity,
    trust: pki.anchors,
    timeout: timeout + lateMs, // it is the client that is to give up
    minVersion: version,
    maxVersion: version,
    ...answersOf(fault, { respond, isHttp: startPeer === undefined }),
  });
  try {
    const { port } = server;
    const { tls } = pki.client();
    const peer = { url: `https://localhost:${port}/`, host: 'localhost', port, tls: { ...tls, ca: pki.anchors }, call: 1 } as const;
    const result = await awaitCall(() => call(peer), timeout);
    // The client's last bytes may still be in transit; one that hangs sends none.
    if (result.kind !== 'hung')
      await Promise.race([server.connectionsEnded(), new Promise<void>((resolve) => after(lateMs, resolve, { unref: true }))]);
    const { connections, clientHellos, faultsShown, plaintextConnections } = server;
    const { completedHandshakes, applicationData, alerts, ownFailure } = server;
    const flight = fault.kind === 'edited-flight' && { completedHandshakes, applicationData, alerts, ownFailure };
    return {
      kind: 'called-fault-server',
      fault,
      result,
      tally: { connections, clientHellos, faultsShown, plaintextConnections, ...flight },
    };
  } finally {
    await server.close();
  }
}

/** What the real server behind some faults answers in place of its own text. */
function answersOf(
  { kind }: ServerFault,
  { respond, isHttp }: { readonly respond: Respond | undefined; readonly isHttp: boolean },
): Pick<FaultServerOptions, 'onConnection' | 'onStream' | 'ALPNProtocols' | 'json'> {
  if (kind === 'edited-flight') return isHttp ? { ALPNProtocols: ['h2', 'http/1.1'], onStream: streamServerOf(respond) } : {};
  if (respond === undefined) return {};
  if (kind === 'close-without-close-notify' && typeof respond !== 'function') return { json: JSON.stringify(respond) };
  if (kind !== 'one-byte-at-a-time') return {};
  const http1 = http1ServerOf(respond);
  return { onConnection: (socket) => void http1.emit('connection', socket) };
}

const lateMs = 1000;
const speaksHttp: ReadonlySet<string> = new Set(['close-without-close-notify', 'one-byte-at-a-time']);
