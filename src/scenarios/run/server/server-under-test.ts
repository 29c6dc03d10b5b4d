import type tls from 'node:tls';
import type { Endpoint } from '../../../handshake/attempt/attempt-options.ts';
import { listen } from '../../../net/listen.ts';
import { observe } from '../../../handshake/observe/observe.ts';
import { ObservedServer } from '../../../handshake/server/observed-server.ts';
import { ExclusiveUse } from '../exclusive-use.ts';
import type { AttemptFunction, ServerConfiguration, ServerTarget, StartedServer, StartServer } from '../target.ts';

/** A server that is ready to be tried, configured as the scenario wants it. */
export interface ServerUnderTest {
  readonly target: ObservedServer | Endpoint | AttemptFunction;
  /** Closes what was started for it, or sets back what was changed. */
  close(): Promise<void>;
}

/**
 * The server of a target in the configuration that a scenario needs: a `start` function starts one; an `ObservedServer` whose trust is
 * known is reconfigured while nobody else uses it; any other target only has its own. Undefined where it cannot be had.
 */
export async function serverFor(
  target: ServerTarget,
  configuration: ServerConfiguration | undefined,
): Promise<ServerUnderTest | undefined> {
  if (typeof target === 'object' && 'start' in target) return configuration && startServer(target.start, configuration);
  if (target instanceof ObservedServer) return configuration ? reconfigured(target, configuration) : shared(target);
  return configuration ? undefined : { target, close: async () => {} };
}

/** Starts a server by the user's function and observes it where it is Node's. */
export async function startServer(start: StartServer, configuration: ServerConfiguration): Promise<ServerUnderTest> {
  const started = await start(configuration);
  if (started instanceof ObservedServer) return { target: started, close: () => started.close() };
  if (!isNodeServer(started)) return { target: started, close: async () => void (await started.close?.()) };
  const { identity, trust, crl } = configuration;
  const observed = observe(started, { identity, context: { ca: trust, ...(crl && { crl }) } });
  if (!started.listening) await listen(started, { host: '127.0.0.1', port: 0 });
  return { target: observed, close: () => observed.close() };
}

function isNodeServer(started: StartedServer): started is tls.Server {
  return 'setSecureContext' in started;
}

async function shared(server: ObservedServer): Promise<ServerUnderTest> {
  const leave = await uses(server).share();
  return {
    target: server,
    close: async () => {
      leave();
    },
  };
}

async function reconfigured(server: ObservedServer, { trust, crl = [] }: ServerConfiguration): Promise<ServerUnderTest | undefined> {
  const { trust: usualTrust } = server;
  if (usualTrust === undefined || !server.identity) return undefined;
  const leave = await uses(server).claim();
  const usual = { trust: server.trust ?? usualTrust, crl: server.crl ?? [] };
  server.rotate({ trust, crl });
  return {
    target: server,
    close: async () => {
      server.rotate(usual);
      leave();
    },
  };
}

function uses(server: ObservedServer): ExclusiveUse {
  let use = inUse.get(server);
  if (!use) inUse.set(server, (use = new ExclusiveUse()));
  return use;
}

const inUse = new WeakMap<ObservedServer, ExclusiveUse>();
