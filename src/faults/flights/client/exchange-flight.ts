import type { Socket } from 'node:net';
import { deferred } from '../../../clock/deferred.ts';
import { after } from '../../../clock/real-clock.ts';
import type { EngineSession } from '../../../wire/engine/engine-session.ts';
import type { OutcomeWatch } from '../../client/client-fault-outcome.ts';
import { InterposedSocket } from '../../interposed-socket.ts';
import { FlightExchange, type FlightOptions } from './flight-exchange.ts';
import type { FlightPlan } from './flight-plan.ts';

/**
 * Performs a handshake over a socket that is watched, sends the request and reads until there is something to judge, or the connection ends. Gives the session that
 * the server gave.
 */
export async function exchangeFlight(
  socket: Socket,
  plan: FlightPlan,
  options: FlightOptions,
  watch: OutcomeWatch,
): Promise<EngineSession | undefined> {
  const exchange = new FlightExchange(new InterposedSocket(socket, 'client'), plan, options, watch);
  const run = exchange.run();
  await Promise.race([run, watch.ended]);
  // What has arrived is still on its way through the engine; after the bound nothing more is waited for.
  const { promise: late, resolve } = deferred();
  const cancel = after(watch.isStillOpen ? 0 : lingerMs, () => resolve());
  await Promise.race([run, late]);
  cancel();
  if (watch.isStillOpen) {
    exchange.giveUp();
    await run;
  }
  if (exchange.isDecided) watch.leave();
  await watch.ended;
  watch.flight = exchange.report();
  return exchange.session;
}

const lingerMs = 1000;
