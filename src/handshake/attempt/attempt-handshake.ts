import type tls from 'node:tls';
import { pause } from '../../clock/pause.ts';
import { invalidOption, MtlsFixturesError, requireJudgingRuntime } from '../../errors/index.ts';
import type { Waits } from './acceptance-watch.ts';
import { AttemptLimits } from './attempt-limits.ts';
import { parseAttempt, type AttemptOptions, type Endpoint, type ParsedAttempt } from './attempt-options.ts';
import { ClientEnd } from './client-end.ts';
import type { EndReport } from '../verdict/end-report.ts';
import { Attempt } from '../observe/attempt.ts';
import type { Handshake } from '../verdict/handshake.ts';
import { isObservedServer, observerOf } from '../server/observed-node-server.ts';
import type { ObservedServer } from '../server/observed-server.ts';
import type { ServerObserver } from '../observe/server-observer.ts';
import { connectPeer } from './tcp-connection.ts';

/**
 * Attempts one handshake and returns its verdict. Against an `ObservedServer` both ends are observed; against an endpoint the
 * verdict rests on evidence (application data, session ticket, alert, close; last a quiet period), which `handshake.evidence` names.
 * A refusal is a value. Throws `MtlsFixturesError` only for what is not a verdict: `CONNECT_FAILED`, `HOST_NOT_FOUND`, `NOT_TLS`,
 * `CLOSED_BEFORE_TLS`, `CONNECTION_CUT`, `STARTTLS_REFUSED`, `STARTTLS_FAILED`, `HANDSHAKE_TIMEOUT`, `ABORTED`, and bad options.
 */
export async function attemptHandshake(target: ObservedServer | Endpoint, options: AttemptOptions = {}): Promise<Handshake> {
  const handshake = await attemptWithWaits(target, options);
  observerOf(target)?.accepted.note(handshake, options);
  return handshake;
}

/** The same with other waits for a contradiction than a single `quietPeriod` can say; internal. */
export async function attemptWithWaits(target: ObservedServer | Endpoint, options: AttemptOptions, waits?: Waits): Promise<Handshake> {
  return performHandshake(target, options, { waits });
}

/** What else there is to say of a handshake. */
interface Performance {
  readonly waits?: Waits | undefined;
  /** Called with the client's socket before anything has been received: the connection is left open, unless the handshake throws. */
  readonly keep?: ((tlsSocket: tls.TLSSocket) => void) | undefined;
}

/** A handshake with all that is said of it; internal. */
export async function performHandshake(
  target: ObservedServer | Endpoint,
  options: AttemptOptions,
  { waits, keep }: Performance,
): Promise<Handshake> {
  requireJudgingRuntime('attempt a handshake');
  const observer = observerOf(target);
  const asked = parseAttempt(endpointOf(target), options, observer?.anchorsFor(nameIn(options)));
  const parsed: ParsedAttempt = waits ? { ...asked, waits } : asked;
  const limits = new AttemptLimits(parsed);
  let client: ClientEnd | undefined;
  let attempt: Attempt | undefined;
  try {
    const raw = await limits.bound(
      connectPeer(parsed, {
        onSocket: (socket) => {
          limits.onOver(() => socket.destroy());
        },
        onConnect: (socket) => {
          attempt = new Attempt(socket);
        },
      }),
    );
    client = new ClientEnd(raw, parsed, { awaitEvidence: observer === undefined, keep });
    attempt ??= new Attempt(raw);
    attempt.begin(client);
    limits.follow(client);
    return await limits.bound(observer ? judgeBoth({ attempt, client, observer, endpoint: parsed }) : judgeAlone(attempt, client));
  } catch (error) {
    client?.destroy();
    throw error;
  } finally {
    limits.stop();
    attempt?.stop();
    if (!keep) client?.close();
  }
}

/** The verdict of the client's end alone, unless the server turns out to be an observed one of this process: then both records say the same. */
async function judgeAlone(attempt: Attempt, client: ClientEnd): Promise<Handshake> {
  return attempt.settleBy(await client.report);
}

interface BothEnds {
  readonly attempt: Attempt;
  readonly client: ClientEnd;
  readonly observer: ServerObserver;
  readonly endpoint: { readonly host: string; readonly port: number };
}

/** Waits for the server's judgement, and for what the client learns of it: in TLS 1.3 that comes after its `secureConnect`. */
async function judgeBoth(ends: BothEnds): Promise<Handshake> {
  const { attempt, client } = ends;
  const report = await Promise.race([client.report, decidedWithout(ends)]);
  if (report === undefined) return attempt.recordOf({ server: await attempt.server });
  const server = await Promise.race([attempt.server, failWithoutServer(report, ends)]);
  const isRefusedLate = report.outcome.kind === 'completed' && server.outcome.kind !== 'completed';
  return attempt.recordOf({ server, client: isRefusedLate ? await client.aftermath(report) : report });
}

/** A server that has refused need not inform its client (Node's does not at a handshake time-out): the client is given a moment to notice. */
async function decidedWithout({ attempt, client }: BothEnds): Promise<undefined> {
  const { outcome } = await attempt.server;
  if (outcome.kind === 'completed') await client.report;
  else await pause(noticeMs);
}

/** A connection that the server never gave to its TLS, as at `maxConnections`: no report of it will come. */
async function failWithoutServer({ outcome, capture }: EndReport, { attempt, observer, endpoint }: BothEnds): Promise<never> {
  if (outcome.kind !== 'left' || capture.chunks.some(({ sentBy }) => sentBy === 'server')) return new Promise<never>(() => {}); // a report will come
  do await pause(noticeMs);
  while (observer.has(attempt));
  const how = outcome.how === 'reset' ? 'reset the connection' : 'closed the connection';
  throw new MtlsFixturesError('CLOSED_BEFORE_TLS', { host: endpoint.host, port: endpoint.port, how });
}

/** How long one end may take to notice what the other has decided, in milliseconds. */
const noticeMs = 200;

/** Before the options are checked. */
function nameIn(options: unknown): unknown {
  return typeof options === 'object' && options !== null && 'servername' in options ? options.servername : undefined;
}

function endpointOf(target: ObservedServer | Endpoint): Endpoint {
  if (isObservedServer(target)) return { host: target.host, port: target.port, servername: 'localhost' };
  if (typeof target === 'object' && target !== null) return target;
  throw invalidOption('target', target, 'an ObservedServer or { host, port, servername?, starttls? }');
}
