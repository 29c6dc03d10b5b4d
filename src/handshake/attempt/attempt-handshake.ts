import { after } from '../../clock/real-clock.ts';
import { MtlsFixturesError, requireJudgingRuntime, textOf } from '../../errors/index.ts';
import type { Waits } from './acceptance-watch.ts';
import { AttemptLimits } from './attempt-limits.ts';
import { parseAttempt, type AttemptOptions, type Endpoint, type ParsedAttempt } from './attempt-options.ts';
import { ClientEnd } from './client-end.ts';
import type { EndReport } from '../verdict/end-report.ts';
import { Follower } from '../observe/follower.ts';
import type { Handshake } from '../verdict/handshake.ts';
import { ObservedServer } from '../server/observed-server.ts';
import { observerOf, type ServerObserver } from '../observe/server-observer.ts';
import { connectPeer } from './tcp-connection.ts';

/**
 * Tries one handshake and says what it came to. Against an `ObservedServer` both ends are observed; against an endpoint the
 * verdict rests on evidence (application data, session ticket, alert, close; last a quiet period), which `handshake.evidence` names.
 * A refusal is a value. Throws `MtlsFixturesError` only for what is no verdict: `CONNECT_FAILED`, `HOST_NOT_FOUND`, `NOT_TLS`,
 * `CLOSED_BEFORE_TLS`, `CONNECTION_CUT`, `STARTTLS_REFUSED`, `STARTTLS_FAILED`, `HANDSHAKE_TIMEOUT`, `ABORTED`, and bad options.
 */
export async function attemptHandshake(target: ObservedServer | Endpoint, options: AttemptOptions = {}): Promise<Handshake> {
  return attemptWithWaits(target, options);
}

/** The same with other waits for a contradiction than a single `quietPeriod` can say; internal. */
export async function attemptWithWaits(target: ObservedServer | Endpoint, options: AttemptOptions, waits?: Waits): Promise<Handshake> {
  requireJudgingRuntime('attempt a handshake');
  const observer = target instanceof ObservedServer ? observerOf(target) : undefined;
  const asked = parseAttempt(endpointOf(target), options, observer?.anchors);
  const parsed: ParsedAttempt = waits ? { ...asked, waits } : asked;
  const limits = new AttemptLimits(parsed);
  let client: ClientEnd | undefined;
  let follower: Follower | undefined;
  try {
    const raw = await limits.bound(
      connectPeer(parsed, {
        onSocket: (socket) => {
          limits.onOver(() => socket.destroy());
        },
        onConnect: (socket) => {
          follower = new Follower(socket);
        },
      }),
    );
    client = new ClientEnd(raw, parsed, observer === undefined);
    follower?.follow(client.capture);
    limits.follow(client);
    const ends = { client, follower: follower ?? new Follower(raw), observer, endpoint: parsed };
    return await limits.bound(observer ? joinEnds({ ...ends, observer }) : settleAlone(ends));
  } catch (error) {
    client?.destroy();
    throw error;
  } finally {
    limits.stop();
    follower?.stop();
    client?.close();
  }
}

interface AttemptEnds {
  readonly client: ClientEnd;
  readonly follower: Follower;
  readonly endpoint: { readonly host: string; readonly port: number };
}

/** The verdict of the client's end alone, unless the server turns out to be an observed one of this process: then both records say the same. */
async function settleAlone({ client, follower }: AttemptEnds): Promise<Handshake> {
  const report = await client.report;
  if (report.outcome.kind === 'completed') follower.clientCompleted();
  return follower.settle(report);
}

/** Waits for the server's judgement, and for what the client was told of it: in TLS 1.3 that comes after its `secureConnect`. */
async function joinEnds({ client, follower, observer, endpoint }: AttemptEnds & { readonly observer: ServerObserver }): Promise<Handshake> {
  const report = await Promise.race([client.report, decidedWithout(client, follower)]);
  if (report === undefined) return follower.recordServer(await follower.server);
  if (report.outcome.kind === 'completed') follower.clientCompleted();
  const server = await Promise.race([follower.server, withoutServer(report, follower, observer, endpoint)]);
  const refusedLate = report.outcome.kind === 'completed' && server.report.outcome.kind !== 'completed';
  return follower.record({ server: server.report, client: refusedLate ? await client.aftermath(report) : report });
}

/** A server that has refused need not tell its client (Node's does not at a handshake time-out): it is given a moment to learn of it. */
async function decidedWithout(client: ClientEnd, follower: Follower): Promise<undefined> {
  const { report } = await follower.server;
  if (report.outcome.kind === 'completed') await client.report;
  else await pause(lastWordMs);
}

/** A connection that the server never gave to its TLS, as at `maxConnections`: no report of it will come. */
async function withoutServer(
  report: EndReport,
  follower: Follower,
  observer: ServerObserver,
  endpoint: AttemptEnds['endpoint'],
): Promise<never> {
  const { outcome, capture } = report;
  if (outcome.kind !== 'left' || capture.chunks.some(({ sentBy }) => sentBy === 'server')) return follower.server as Promise<never>; // it comes
  do await pause(lastWordMs);
  while (observer.has(follower));
  const how = outcome.how === 'reset' ? 'reset the connection' : 'closed the connection';
  throw new MtlsFixturesError('CLOSED_BEFORE_TLS', { host: endpoint.host, port: endpoint.port, how });
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    after(milliseconds, resolve);
  });
}

/** How long the other end's word may take once one end has decided, in milliseconds. */
const lastWordMs = 200;

function endpointOf(target: ObservedServer | Endpoint): Endpoint {
  if (target instanceof ObservedServer) return { host: target.host, port: target.port, servername: 'localhost' };
  if (typeof target === 'object' && target !== null) return target;
  throw new MtlsFixturesError('OPTION_INVALID', {
    option: 'target',
    value: textOf(target),
    expected: 'an ObservedServer or { host, port, servername?, starttls? }',
  });
}
