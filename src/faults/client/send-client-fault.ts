import { deferred } from '../../clock/deferred.ts';
import type { Socket } from 'node:net';
import { monotonicNow } from '../../clock/real-clock.ts';
import { requireJudgingRuntime } from '../../errors/index.ts';
import { connectTcp } from '../../net/connect-tcp.ts';
import { type ClientFault, needsRealClient } from './client-fault.ts';
import { type ClientFaultOptions, type FaultTarget, parseClientFault, type ParsedClientFault } from './client-fault-options.ts';
import { type ClientFaultOutcome, OutcomeWatch } from './client-fault-outcome.ts';
import { runRealClient } from './real-client.ts';
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
  if (needsRealClient(fault)) await runRealClient(socket, fault, parsed, watch);
  else sendRawFault(socket, fault, parsed, watch);
  await watch.ended;
  return watch.outcome();
}

/** The watch begins in the same turn as the connection, before the server can have answered. */
async function connect({ host, port, timeout }: ParsedClientFault): Promise<{ readonly socket: Socket; readonly watch: OutcomeWatch }> {
  const startedAt = monotonicNow();
  const { promise, resolve } = deferred<OutcomeWatch>();
  const socket = await connectTcp(
    { host, port },
    {
      timeout,
      tcpOptions: { allowHalfOpen: true }, // so that a fault decides when the client's stream ends, not the server's own end
      onConnect: (connected) => resolve(new OutcomeWatch(connected, Math.max(1, timeout - (monotonicNow() - startedAt)))),
    },
  );
  return { socket, watch: await promise };
}
