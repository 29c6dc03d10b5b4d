import { realNow } from '../../../clock/real-clock.ts';
import { inspectCertificate } from '../../../x509/inspect-certificate.ts';
import { type CalledTwice, nothingSeen, type Observation } from '../../assess/observation.ts';
import type { CallMaterial, TwoCallsTrial } from '../../catalogue/protocol-scenario.ts';
import { notJudged } from '../../records/scenario-result.ts';
import { awaitCall } from '../await-call.ts';
import type { CallSettings } from '../run-settings.ts';
import { refusalIn } from '../server/valid-client.ts';
import type { ClientCall, PeerToCall } from '../target.ts';
import { Connections } from './connections.ts';
import { type CalledPeer, judgedHandshakes, startPeer } from './start-peer.ts';

/** Lets a client under test call one server twice. The first call is the control of the second. */
export async function runTwoCalls(trial: TwoCallsTrial, call: ClientCall, settings: CallSettings): Promise<Observation> {
  const { pki, version, startPeer: start, respond } = settings;
  const requests = new Requests();
  const clientAuth = trial.judged === 'identity' ? 'require' : 'request'; // a client that presents none is accepted then, and noticed
  const peer = await startPeer(
    { identity: trial.identity, host: 'localhost', trust: pki.anchors },
    { pki, version, start, respond, options: { clientAuth }, onRequest: (connection) => requests.add(connection) },
  );
  try {
    return await callTwice(trial, call, { peer, requests, timeout: settings.timeout });
  } finally {
    await peer.close();
  }
}

/** The server that is called, and what is known of its requests. */
interface Calling {
  readonly peer: CalledPeer;
  readonly requests: Requests;
  readonly timeout: number;
}

async function callTwice(trial: TwoCallsTrial, call: ClientCall, calling: Calling): Promise<Observation> {
  const { first, second, judged, between } = trial;
  const { peer, requests } = calling;
  const connections = new Connections(peer.server.server);
  const control = await callOnce(calling, connections, () => call(peerOf(peer, first, 1)));
  const presents = judged === 'verdict' ? {} : ({ presents: 'own' } as const);
  const refusal = refusalIn({ kind: 'called-peer', trial: { judged: 'verdict', ...presents }, ownFingerprint: printOf(first), ...control });
  if (refusal) return nothingSeen(notJudged(`not judged: the first of two calls failed: ${refusal.message}`), refusal.handshake);
  if (between === 'connections-end') await connections.end();
  requests.beginSecond();
  const fingerprints = [printOf(first), printOf(second)] as const;
  const seen = await callOnce(calling, connections, () => call(peerOf(peer, second, 2)));
  return { kind: 'called-twice', trial, ...seen, reusedConnection: requests.onFirstConnections, fingerprints };
}

/** Calls, and waits for what the server saw of it since then: not where the call succeeded without a new connection. */
async function callOnce(
  { peer, timeout }: Calling,
  connections: Connections,
  call: () => unknown,
): Promise<Pick<CalledTwice, 'result' | 'handshakes' | 'handshake'>> {
  const since = realNow();
  const before = connections.count;
  const result = await awaitCall(call, timeout);
  const wait = result.kind === 'rejected' || (result.kind === 'resolved' && connections.count > before);
  const handshakes = await judgedHandshakes(peer.server, { wait, since });
  const handshake = handshakes.at(-1);
  return { result, handshakes, ...(handshake && { handshake }) };
}

function peerOf(peer: CalledPeer, { client, trust, host }: CallMaterial, call: 1 | 2): PeerToCall {
  const { port } = peer.call;
  const { key, cert } = client.tls;
  return { url: `https://${host}:${port}/`, host, port, tls: { key, cert, ca: trust }, call };
}

function printOf({ client }: CallMaterial): string {
  return inspectCertificate(client.certificatePem).fingerprint256;
}

/** Whether the second call sent a request over a connection of the first. */
class Requests {
  readonly #first = new WeakSet<object>();
  #isSecond = false;
  onFirstConnections = false;

  add(connection: object): void {
    if (!this.#isSecond) this.#first.add(connection);
    else if (this.#first.has(connection)) this.onFirstConnections = true;
  }

  beginSecond(): void {
    this.#isSecond = true;
  }
}
