import { realNow } from '../../../clock/real-clock.ts';
import { MtlsFixturesError } from '../../../errors/index.ts';
import { type OpenConnection, openConnection } from '../../../handshake/attempt/open-connection.ts';
import type { Identity } from '../../../pki/identity.ts';
import type { OpenConnectionTrial } from '../../catalogue/reload/reload-scenario.ts';
import type { ExpectedOutcome } from '../../catalogue/scenario.ts';
import { asExpected, describeOutcome, notJudged, type Seen, unexpected, unsuitable } from '../../records/scenario-result.ts';
import { pause, type ReloadedServer } from './reloaded-server.ts';
import { tryClient } from './try-client.ts';

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
  const unanswered = await failureOf(() => control.exchange(request, { timeout: server.settings.timeout }));
  if (unanswered !== undefined) return withoutAnswer(server, unanswered);

  const middle = state === 'in-request' ? Math.floor(request.length / 2) : request.length;
  if (state === 'in-request') {
    connection.send(request.subarray(0, middle));
    await pause(arrivalMs);
  } else await connection.exchange(request, { timeout: server.settings.timeout });
  const problem = await changed(change, { server, identity, expiry });
  if (problem) return problem;

  connection.received(); // an echo of the first half is not an answer to the second
  const failure = await failureOf(() =>
    connection.exchange(state === 'in-request' ? request.subarray(middle) : request, { timeout: server.settings.timeout }),
  );
  if (
    failure !== undefined &&
    state === 'idle' &&
    change === 'expiry' &&
    (await failureOf(() => control.exchange(request, { timeout: server.settings.timeout })))
  )
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
  const refusal = await tryClient(server, identity, { verdict: 'rejected', by: 'server' });
  return refusal.status === 'as-expected'
    ? undefined
    : { ...refusal, status: 'not-judged', message: `not judged: a new connection of the same client is not refused: ${refusal.message}` };
}

function connect(server: ReloadedServer, identity: Identity): Promise<OpenConnection> {
  const { pki, version, timeout } = server.settings;
  return openConnection(server.target, { identity, trust: pki.anchors, minVersion: version, maxVersion: version, timeout });
}

function requestOf({ settings: { exchange = usualRequest } }: ReloadedServer): Buffer {
  return Buffer.from(exchange);
}

function withoutAnswer({ settings: { exchange } }: ReloadedServer, failure: string): Seen {
  return exchange === undefined
    ? unsuitable('the server answers no HTTP/1.1 request on an open connection: give exchange, the bytes that it answers')
    : notJudged(`not judged: the server does not answer the bytes of exchange: ${failure}`);
}

async function failureOf(run: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await run();
    return undefined;
  } catch (error) {
    if (error instanceof MtlsFixturesError) return error.message;
    throw error;
  }
}

const usualRequest = 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n';
/** For the first half of a request to be read: a server may take a connection without one for idle, and end it. */
const arrivalMs = 100;
/** Certificates count whole seconds. */
const lifetimeMs = 2000;
