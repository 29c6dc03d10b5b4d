import { after } from '../clock/real-clock.ts';
import { MtlsFixturesError, requireJudgingRuntime, textOf } from '../errors/index.ts';
import { parseAttempt, type AttemptOptions, type Endpoint, type ParsedAttempt } from './attempt-options.ts';
import { ClientEnd } from './client-end.ts';
import type { EndReport } from './end-report.ts';
import type { Follower } from './follower.ts';
import { createHandshake, type Handshake } from './handshake.ts';
import { ObservedServer } from './observed-server.ts';
import { observerOf } from './server-observer.ts';
import { connectPeer } from './tcp-connection.ts';

/**
 * Tries one handshake and tells what it came to. Against an `ObservedServer` both ends are observed; against an endpoint the
 * verdict rests on evidence (session ticket, application data, alert, close; last a quiet period), which `handshake.evidence` names.
 * A refusal is a value. Throws `MtlsFixturesError` only for what is no verdict: `CONNECT_FAILED`, `HOST_NOT_FOUND`, `NOT_TLS`,
 * `CLOSED_BEFORE_TLS`, `STARTTLS_REFUSED`, `STARTTLS_FAILED`, `HANDSHAKE_TIMEOUT`, and bad options.
 */
export async function attemptHandshake(target: ObservedServer | Endpoint, options: AttemptOptions = {}): Promise<Handshake> {
  requireJudgingRuntime('attempt a handshake');
  const observer = target instanceof ObservedServer ? observerOf(target) : undefined;
  const attempt = parseAttempt(endpointOf(target), options, observer?.anchors);
  let follower: Follower | undefined;
  const raw = await connectPeer(attempt, (socket) => {
    follower = observer?.follow(socket);
  });
  const client = new ClientEnd(raw, attempt, follower === undefined);
  const bound = timeLimit(attempt, client);
  try {
    const report = await Promise.race([client.report, bound.expired]);
    return follower ? await Promise.race([joinEnds(client, report, follower), bound.expired]) : createHandshake({ client: report });
  } catch (error) {
    client.destroy();
    throw error;
  } finally {
    bound.cancel();
    follower?.stop();
    client.close();
  }
}

/** Waits for the server's judgement, and for what the client was told of it: in TLS 1.3 that comes after its `secureConnect`. */
async function joinEnds(client: ClientEnd, report: EndReport, follower: Follower): Promise<Handshake> {
  if (report.outcome.kind === 'completed') follower.clientCompleted();
  const server = await follower.server;
  const refusedLate = report.outcome.kind === 'completed' && server.report.outcome.kind !== 'completed';
  return follower.record({ server: server.report, client: refusedLate ? await client.aftermath(report) : report });
}

function timeLimit({ host, port, timeout }: ParsedAttempt, client: ClientEnd): { readonly expired: Promise<never>; cancel(): void } {
  let cancel: (() => void) | undefined;
  const expired = new Promise<never>((_resolve, reject) => {
    cancel = after(timeout, () => {
      reject(new MtlsFixturesError('HANDSHAKE_TIMEOUT', { host, port, milliseconds: timeout, seen: client.seen }));
    });
  });
  return { expired, cancel: () => cancel?.() };
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
