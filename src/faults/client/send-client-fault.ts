import net from 'node:net';
import { after, monotonicNow } from '../../clock/real-clock.ts';
import { MtlsFixturesError, requireJudgingRuntime } from '../../errors/index.ts';
import { type ClientFault, isGenuineClient } from './client-fault.ts';
import { type ClientFaultOptions, type FaultTarget, parseClientFault } from './client-fault-options.ts';
import { type ClientFaultOutcome, OutcomeWatch } from './client-fault-outcome.ts';
import { runGenuineClient } from './genuine-client.ts';
import { sendRawFault } from './raw-client-fault.ts';

/**
 * Misbehaves towards a server in one way, for testing servers, and reports what the server did with it: a value, never an exception.
 * The connection is gone when it returns. Throws `CONNECT_FAILED` or `HOST_NOT_FOUND` where nothing listens.
 */
export async function sendClientFault(
  target: FaultTarget,
  fault: ClientFault,
  options: ClientFaultOptions = {},
): Promise<ClientFaultOutcome> {
  requireJudgingRuntime('send a fault');
  const parsed = parseClientFault(target, fault, options);
  const { socket, watch } = await connect(parsed);
  if (isGenuineClient(fault)) await runGenuineClient(socket, fault.kind, parsed, watch);
  else sendRawFault(socket, fault, parsed, watch);
  await watch.ended;
  return watch.outcome();
}

/** The watch begins in the same turn as the connection, before the server can have answered. */
function connect({ host, port, timeout }: { readonly host: string; readonly port: number; readonly timeout: number }): Promise<{
  socket: net.Socket;
  watch: OutcomeWatch;
}> {
  const startedAt = monotonicNow();
  return new Promise((resolve, reject) => {
    // Half open, so that a fault decides when the client's stream ends, not the server's own end.
    const socket = net.connect({ host, port, noDelay: true, allowHalfOpen: true });
    const fail = (reason: string, cause?: NodeJS.ErrnoException): void => {
      cancel();
      socket.destroy();
      const isUnknown = cause?.syscall === 'getaddrinfo';
      reject(
        isUnknown
          ? new MtlsFixturesError('HOST_NOT_FOUND', { host, reason }, { cause })
          : new MtlsFixturesError('CONNECT_FAILED', { host, port, reason }, { cause }),
      );
    };
    const onError = (cause: NodeJS.ErrnoException): void => fail(cause.code ?? cause.message, cause);
    const cancel = after(timeout, () => fail(`no answer within ${timeout} ms`));
    socket.once('error', onError);
    socket.once('connect', () => {
      cancel();
      socket.off('error', onError);
      resolve({ socket, watch: new OutcomeWatch(socket, Math.max(1, timeout - (monotonicNow() - startedAt))) });
    });
  });
}
