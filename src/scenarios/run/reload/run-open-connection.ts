import { realNow } from '../../../clock/real-clock.ts';
import type { OpenConnection } from '../../../handshake/attempt/open-connection.ts';
import type { Identity } from '../../../pki/identity.ts';
import type { OpenConnectionTrial } from '../../catalogue/reload/reload-scenario.ts';
import type { ExpectedOutcome } from '../../catalogue/scenario.ts';
import { asExpected, describeOutcome, notJudged, type Seen, unexpected, unsuitable } from '../../records/scenario-result.ts';
import type { ReloadedServer } from './reloaded-server.ts';
import { pause } from '../../../clock/pause.ts';
import { requestFailure, requestOf, withConnection } from './requests.ts';
import { settled, tryClient } from './try-client.ts';

/** Has a connection open while the files change or its certificate expires, and uses it afterwards. */
export function runOpenConnection(trial: OpenConnectionTrial, server: ReloadedServer, expected: ExpectedOutcome): Promise<Seen> {
  const { pki } = server.settings;
  const expiry = Math.ceil((realNow() + lifetimeMs) / 1000) * 1000;
  const identity = trial.change === 'expiry' ? pki.client('client', { notAfter: new Date(expiry) }) : pki.client('client');
  const use = (control: OpenConnection): Promise<Seen> =>
    withConnection(server, (connection) => runOn({ control, connection }, { trial, server, expected, identity, expiry }), identity);
  return withConnection(server, use);
}

/** What a run is about. */
interface Run {
  readonly trial: OpenConnectionTrial;
  readonly server: ReloadedServer;
  readonly expected: ExpectedOutcome;
  /** Of the connection that is judged. */
  readonly identity: Identity;
  /** The last second in which its certificate is valid, where it is to expire. */
  readonly expiry: number;
}

async function runOn(
  { control, connection }: { readonly control: OpenConnection; readonly connection: OpenConnection },
  { trial: { change, state }, server, expected, identity, expiry }: Run,
): Promise<Seen> {
  const refused = [control, connection].find(({ handshake }) => handshake.verdict === 'rejected');
  if (refused) return { ...notJudged('not judged: the valid client was refused'), handshake: refused.handshake };
  const request = requestOf(server);
  const unanswered = await requestFailure(control, request, server);
  if (unanswered !== undefined) return withoutAnswer(server, unanswered);

  const [first, rest] = state === 'idle' ? [request, request] : halvesOf(request);
  if (state === 'in-request') {
    connection.send(first);
    await pause(arrivalMs);
  } else await connection.exchange(first, { timeout: server.settings.timeout });
  const problem = await changed(change, { server, identity, expiry });
  if (problem) return problem;

  if (state === 'idle' && change !== 'expiry') await server.settle(); // a process of before may end its connections later
  connection.received(); // an echo of the first half is not an answer to the second
  const failure = await requestFailure(connection, rest, server);
  if (failure !== undefined && change === 'expiry' && (await requestFailure(control, request, server)) !== undefined)
    return unsuitable('the server ends connections that are idle for as long as it takes a certificate to expire');
  return compare(failure, expected);
}

function halvesOf(request: Buffer): readonly [Buffer, Buffer] {
  const middle = Math.floor(request.length / 2);
  return [request.subarray(0, middle), request.subarray(middle)];
}

function compare(failure: string | undefined, expected: ExpectedOutcome): Seen {
  const seen = failure === undefined ? 'the connection goes on' : `the connection does not go on: ${failure}`;
  return (failure === undefined) === (expected.verdict === 'accepted')
    ? asExpected(`${seen}, as expected`)
    : unexpected(`expected ${describeOutcome(expected)}, but ${seen}`);
}

/** Makes the change, and sees to it that it is in effect: why it is not, where it is not. */
async function changed(
  change: OpenConnectionTrial['change'],
  { server, identity, expiry }: { readonly server: ReloadedServer; readonly identity: Identity; readonly expiry: number },
): Promise<Seen | undefined> {
  const { pki } = server.settings;
  if (change === 'expiry') await pause(Math.max(0, expiry - realNow()) + 1000); // it is valid to the end of its last second
  else {
    if (change === 'crl') pki.issuer.revoke(identity);
    const problem = await server.renew(change === 'anchors' ? server.otherPki : pki);
    if (problem !== undefined) return notJudged(`not judged: ${problem}`);
    if (change === 'key') return undefined;
  }
  const refusal = await settled(server, () => tryClient(server, identity, { verdict: 'rejected', by: 'server' }));
  return refusal.status === 'as-expected'
    ? undefined
    : { ...refusal, status: 'not-judged', message: `not judged: a new connection of the same client is not refused: ${refusal.message}` };
}

function withoutAnswer({ settings: { exchange } }: ReloadedServer, failure: string): Seen {
  return exchange === undefined
    ? unsuitable('the server answers no HTTP/1.1 request on an open connection: give exchange, the bytes that it answers')
    : notJudged(`not judged: the server does not answer the bytes of exchange: ${failure}`);
}

/** For the first half of a request to be read: a server may take a connection without one for idle, and end it. */
const arrivalMs = 100;
/** Certificates count whole seconds. */
const lifetimeMs = 2000;
