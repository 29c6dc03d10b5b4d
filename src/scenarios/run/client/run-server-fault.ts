import { after } from '../../../clock/real-clock.ts';
import type { FaultServer } from '../../../faults/server/fault-server.ts';
import type { ApplicationDataStream, FaultServerOptions } from '../../../faults/server/fault-server-options.ts';
import { needsSession } from '../../../faults/flights/server/server-flight-fault.ts';
import type { ServerFault } from '../../../faults/server/server-fault.ts';
import { startFaultServer } from '../../../faults/server/start-fault-server.ts';
import { describeErrors } from '../../../handshake/verdict/client-errors/handshake-failure.ts';
import { assessServerFault } from '../../assess/assess-server-fault.ts';
import {
  type CalledFaultServer,
  type CallResult,
  type FaultTally,
  type NothingSeen,
  nothingSeen,
  type Observation,
} from '../../assess/observation.ts';
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
    if (settings.startPeer && needsSession(fault.flight))
      return nothingSeen(unsuitable('the server of this scenario speaks HTTP, and the client speaks another protocol (startPeer)'));
    const control = await callFaultServer({ ...trial, fault: { ...fault, unedited: true } }, call, settings);
    if (control.kind === 'nothing-seen') return control;
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
): Promise<CalledFaultServer | NothingSeen> {
  const streams = new Set<ApplicationDataStream>();
  const server = await startFaultServer(fault, {
    identity,
    trust: pki.anchors,
    timeout: timeout + lateMs, // it is the client that is to give up
    minVersion: version,
    maxVersion: version,
    ...answersOf(fault, { respond, isHttp: startPeer === undefined, onStream: (stream) => streams.add(stream) }),
  });
  const { port } = server;
  const { tls } = pki.client();
  const callOnce = async (number: 1 | 2): Promise<CallResult> => {
    const peer = { url: `https://localhost:${port}/`, host: 'localhost', port, tls: { ...tls, ca: pki.anchors }, call: number } as const;
    const result = await awaitCall(() => call(peer), timeout);
    if (number === 1 && isTwice) for (const stream of streams) stream.end(); // the second call needs a handshake
    // The client's last bytes may still be in transit; one that hangs sends none.
    if (result.kind !== 'hung')
      await Promise.race([server.connectionsEnded(), new Promise<void>((resolve) => after(lateMs, resolve, { unref: true }))]);
    return result;
  };
  const isTwice = fault.kind === 'edited-flight' && needsSession(fault.flight);
  try {
    const first = isTwice ? await callOnce(1) : undefined;
    if (first && first.kind !== 'resolved') return firstFailed(first, server);
    const before = first && tallyOf(server);
    const result = await callOnce(first ? 2 : 1);
    return { kind: 'called-fault-server', fault, result, tally: since(tallyOf(server), before) };
  } finally {
    await server.close();
  }
}

/** The first of two calls meets a server without a fault. */
function firstFailed(result: CallResult, { ownFailure }: FaultServer): NothingSeen {
  const words = result.kind === 'rejected' ? describeErrors(result.error) : 'it did not end within the time limit';
  return nothingSeen(
    ownFailure === undefined
      ? notJudged(`not judged: the first of two calls failed: ${words}`)
      : unsuitable(`the client does not offer what the flight needs (${ownFailure}): ${words}`),
  );
}

function tallyOf(server: FaultServer): FaultTally {
  const { connections, clientHellos, faultsShown, plaintextConnections } = server;
  const { completedHandshakes, applicationData, alerts, ownFailure } = server;
  const flight = server.fault.kind === 'edited-flight' && { completedHandshakes, applicationData, alerts, ownFailure };
  return { connections, clientHellos, faultsShown, plaintextConnections, ...flight };
}

/** What was counted after the first of two calls. */
function since(all: FaultTally, before: FaultTally | undefined): FaultTally {
  if (!before) return all;
  const { completedHandshakes = 0, applicationData = 0, alerts = [] } = all;
  return {
    ...all,
    connections: all.connections - before.connections,
    clientHellos: all.clientHellos - before.clientHellos,
    completedHandshakes: completedHandshakes - (before.completedHandshakes ?? 0),
    applicationData: applicationData - (before.applicationData ?? 0),
    alerts: alerts.slice(before.alerts?.length),
  };
}

/** What the real server behind some faults answers in place of its own text. */
function answersOf(
  { kind }: ServerFault,
  {
    respond,
    isHttp,
    onStream,
  }: { readonly respond: Respond | undefined; readonly isHttp: boolean; readonly onStream: (stream: ApplicationDataStream) => void },
): Pick<FaultServerOptions, 'onConnection' | 'onStream' | 'ALPNProtocols' | 'json'> {
  if (kind === 'edited-flight' && !isHttp) return {};
  if (kind === 'edited-flight') {
    const serve = streamServerOf(respond);
    const noted = (stream: ApplicationDataStream): void => {
      onStream(stream);
      serve(stream);
    };
    return { ALPNProtocols: ['h2', 'http/1.1'], onStream: noted };
  }
  if (respond === undefined) return {};
  if (kind === 'close-without-close-notify' && typeof respond !== 'function') return { json: JSON.stringify(respond) };
  if (kind !== 'one-byte-at-a-time') return {};
  const http1 = http1ServerOf(respond);
  return { onConnection: (socket) => void http1.emit('connection', socket) };
}

const lateMs = 1000;
const speaksHttp: ReadonlySet<string> = new Set(['close-without-close-notify', 'one-byte-at-a-time']);
