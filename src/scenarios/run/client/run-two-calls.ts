import { realNow } from '../../../clock/real-clock.ts';
import type { Handshake } from '../../../handshake/verdict/handshake.ts';
import { inspectCertificate } from '../../../x509/inspect-certificate.ts';
import { nothingSeen, type Observation } from '../../assess/observation.ts';
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
  const { pki, version, timeout, startPeer: start, respond } = settings;
  const { identity, first, second } = trial;
  const requests = new Requests();
  const clientAuth = trial.judged === 'identity' ? 'require' : 'request'; // whoever presents none shows then
  const peer = await startPeer(
    { identity, host: 'localhost', trust: pki.anchors },
    { pki, version, start, respond, options: { clientAuth }, onRequest: (connection) => requests.add(connection) },
  );
  const connections = new Connections(peer.server.server);
  try {
    const control = await callOnce(peer, { call: () => call(peerOf(peer, first, 1)), timeout, since: 0, requests });
    const presents = trial.judged === 'verdict' ? {} : ({ presents: 'own' } as const);
    const refusal = refusalIn({
      kind: 'called-peer',
      trial: { judged: 'verdict', ...presents },
      ownFingerprint: printOf(first),
      ...control,
    });
    if (refusal)
      return nothingSeen(notJudged(`not judged: the first of two calls was not as it should be: ${refusal.message}`), refusal.handshake);
    requests.beginSecond();
    if (trial.between === 'connections-end') await connections.end();
    const judged = await callOnce(peer, { call: () => call(peerOf(peer, second, 2)), timeout, since: realNow(), requests });
    return {
      kind: 'called-twice',
      trial,
      ...judged,
      reusedConnection: requests.onFirstConnections,
      fingerprints: [printOf(first), printOf(second)],
    };
  } finally {
    await peer.close();
  }
}

/** Calls, and waits for what the server saw of it since then. */
async function callOnce(
  { server }: CalledPeer,
  {
    call,
    timeout,
    since,
    requests,
  }: { readonly call: () => unknown; readonly timeout: number; readonly since: number; readonly requests: Requests },
): Promise<Pick<Extract<Observation, { readonly kind: 'called-peer' }>, 'result' | 'handshakes' | 'handshake'>> {
  const result = await awaitCall(call, timeout);
  const handshakes = await judgedHandshakes(server, { wait: result.kind !== 'hung' && !requests.onFirstConnections, since });
  const handshake: Handshake | undefined = handshakes.at(-1);
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
