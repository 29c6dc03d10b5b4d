import { MtlsFixturesError, requireJudgingRuntime, textOf } from '../errors/index.ts';
import type { Waits } from './acceptance-watch.ts';
import { AttemptLimits } from './attempt-limits.ts';
import { parseAttempt, type AttemptOptions, type Endpoint, type ParsedAttempt } from './attempt-options.ts';
import { ClientEnd } from './client-end.ts';
import type { EndReport } from './end-report.ts';
import type { Follower } from './follower.ts';
import { createHandshake, type Handshake } from './handshake.ts';
import { ObservedServer } from './observed-server.ts';
import { observerOf } from './server-observer.ts';
import { connectPeer } from './tcp-connection.ts';

/**
 * Tries one handshake and says what it came to. Against an `ObservedServer` both ends are observed; against an endpoint the
 * verdict rests on evidence (application data, session ticket, alert, close; last a quiet period), which `handshake.evidence` names.
 * A refusal is a value. Throws `MtlsFixturesError` only for what is no verdict: `CONNECT_FAILED`, `HOST_NOT_FOUND`, `NOT_TLS`,
 * `CLOSED_BEFORE_TLS`, `CONNECTION_CUT`, `STARTTLS_REFUSED`, `STARTTLS_FAILED`, `HANDSHAKE_TIMEOUT`, `ABORTED`, and bad options.
 */
export async function attemptHandshake(target: ObservedServer | Endpoint, options: AttemptOptions = {}): Promise<Handshake> {
  return attempt(target, options);
}

/** The same with other waits for a contradiction than a single `quietPeriod` can say; internal. */
export async function attemptWithWaits(target: ObservedServer | Endpoint, options: AttemptOptions, waits: Waits): Promise<Handshake> {
  return attempt(target, options, waits);
}

async function attempt(target: ObservedServer | Endpoint, options: AttemptOptions, waits?: Waits): Promise<Handshake> {
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
          follower = observer?.follow(socket);
        },
      }),
    );
    client = new ClientEnd(raw, parsed, follower === undefined);
    limits.follow(client);
    const report = await limits.bound(client.report);
    return follower ? await limits.bound(joinEnds(client, report, follower)) : createHandshake({ client: report });
  } catch (error) {
    client?.destroy();
    throw error;
  } finally {
    limits.stop();
    follower?.stop();
    client?.close();
  }
}

/** Waits for the server's judgement, and for what the client was told of it: in TLS 1.3 that comes after its `secureConnect`. */
async function joinEnds(client: ClientEnd, report: EndReport, follower: Follower): Promise<Handshake> {
  if (report.outcome.kind === 'completed') follower.clientCompleted();
  const server = await follower.server;
  const refusedLate = report.outcome.kind === 'completed' && server.report.outcome.kind !== 'completed';
  return follower.record({ server: server.report, client: refusedLate ? await client.aftermath(report) : report });
}

function endpointOf(target: ObservedServer | Endpoint): Endpoint {
  if (target instanceof ObservedServer) return { host: target.host, port: target.port, servername: 'localhost' };
  if (typeof target === 'object' && target !== null) return target;
  throw new MtlsFixturesError('OPTION_INVALID', {
    option: 'target',
    value: textOf(target),
    expected: 'an ObservedServer or { host, port, servername?, starttls? }',
  });
}
