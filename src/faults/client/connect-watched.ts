import type { Socket } from 'node:net';
import { deferred } from '../../clock/deferred.ts';
import { monotonicNow } from '../../clock/real-clock.ts';
import { connectTcp } from '../../net/connect-tcp.ts';
import type { ParsedClientFault } from './client-fault-options.ts';
import { OutcomeWatch } from './client-fault-outcome.ts';

/** A connection to a server under test, and what is seen of it. */
export interface WatchedConnection {
  readonly socket: Socket;
  readonly watch: OutcomeWatch;
}

/** Connects. The watch begins in the same turn as the connection, before the server can have answered. */
export async function connectWatched({
  host,
  port,
  timeout,
}: Pick<ParsedClientFault, 'host' | 'port' | 'timeout'>): Promise<WatchedConnection> {
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
