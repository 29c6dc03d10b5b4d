import { after } from '../clock/real-clock.ts';
import { MtlsFixturesError } from '../errors/index.ts';
import { parseAttempt, type AttemptOptions, type Endpoint } from './attempt-options.ts';
import { ClientEnd } from './client-end.ts';
import { createHandshake, type Handshake } from './handshake.ts';
import { ObservedServer } from './observed-server.ts';
import { observerOf } from './server-observer.ts';
import { connectTcp } from './tcp-connection.ts';

/**
 * Tries one handshake and tells what it came to. Against an `ObservedServer` both ends are observed; against an endpoint the
 * verdict rests on evidence (session ticket, application data, alert, close; last a quiet period), which `handshake.evidence` names.
 * A refusal is a value. Throws `MtlsFixturesError` only for what is no verdict: `CONNECT_FAILED`, `HOST_NOT_FOUND`, `NOT_TLS`,
 * `CLOSED_BEFORE_TLS`, `HANDSHAKE_TIMEOUT`, and bad options.
 */
export async function attemptHandshake(target: ObservedServer | Endpoint, options: AttemptOptions = {}): Promise<Handshake> {
  const observer = target instanceof ObservedServer ? observerOf(target) : undefined;
  const attempt = parseAttempt(endpointOf(target), options, observer?.anchors);
  let follow: ReturnType<NonNullable<typeof observer>['follow']> | undefined;
  const raw = await connectTcp(attempt, attempt.timeout, (socket) => {
    follow = observer?.follow(socket);
  });
  const client = new ClientEnd(raw, attempt, follow === undefined);

  let cancel: (() => void) | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    cancel = after(attempt.timeout, () => {
      const { host, port, timeout: milliseconds } = attempt;
      reject(new MtlsFixturesError('HANDSHAKE_TIMEOUT', { host, port, milliseconds, seen: client.seen }));
    });
  });
  try {
    const report = await Promise.race([client.report, timeout]);
    if (!follow) return createHandshake({ client: report });
    return await Promise.race([follow.judged(report), timeout]);
  } catch (error) {
    client.destroy();
    throw error;
  } finally {
    cancel?.();
    follow?.stop();
    client.close();
  }
}

function endpointOf(target: ObservedServer | Endpoint): Endpoint {
  if (target instanceof ObservedServer) return { host: target.host, port: target.port, servername: 'localhost' };
  if (typeof target === 'object' && target !== null) return target;
  throw new MtlsFixturesError('OPTION_INVALID', { option: 'target', value: String(target), expected: 'an ObservedServer or { host, port }' });
}
