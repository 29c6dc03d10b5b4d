import { realNow } from '../../../clock/real-clock.ts';
import type { Identity } from '../../../pki/identity.ts';
import type { OpenConnectionTrial } from '../../catalogue/reload/reload-scenario.ts';
import type { ExpectedOutcome } from '../../catalogue/scenario.ts';
import { asExpected, describeOutcome, notJudged, type Seen, unexpected, unsuitable } from '../../records/scenario-result.ts';
import { pause, type ReloadedServer } from './reloaded-server.ts';
import { connect, requestFailure, requestOf } from './requests.ts';
import { settled, tryClient } from './try-client.ts';

/** Has a connection open while the files change or its certificate expires, and uses it afterwards. */
export async function runOpenConnection(
  { change, state }: OpenConnectionTrial,
  server: ReloadedServer,
  expected: ExpectedOutcome,
): Promise<Seen> {
  const expiry = Math.ceil((realNow() + lifetimeMs) / 1000) * 1000;
  const { pki } = server.settings;
  const identity = change === 'expiry' ? pki.client('client', { notAfter: new Date(expiry) }) : pki.client('client');
  const request = requestOf(server);
  await using control = await connect(server, pki.client('client'));
  await using connection = await connect(server, identity);
  const refused = [control, connection].find(({ handshake }) => handshake.verdict === 'rejected');
  if (refused) return { ...notJudged('not judged: the valid client was refused'), handshake: refused.handshake };
  const unanswered = await requestFailure(control, request, server);
  if (unanswered !== undefined) return withoutAnswer(server, unanswered);

  const middle = state === 'in-request' ? Math.floor(request.length / 2) : request.length;
  if (state === 'in-request') {
    connection.send(request.subarray(0, middle));
    await pause(arrivalMs);
  } else await connection.exchange(request, { timeout: server.settings.timeout });
  const problem = await changed(change, { server, identity, expiry });
  if (problem) return problem;

  if (state === 'idle' && change !== 'expiry') await server.settle(); // a process of before may end its connections later
  connection.received(); // an echo of the first half is not an answer to the second
  const failure = await requestFailure(connection, state === 'in-request' ? request.subarray(middle) : request, server);
  if (failure !== undefined && state === 'idle' && change === 'expiry' && (await requestFailure(control, request, server)))
    return unsuitable('the server ends connections that are idle for as long as it takes a certificate to expire');
  return compare(failure, expected);
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
