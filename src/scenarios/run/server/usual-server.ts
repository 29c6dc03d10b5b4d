import type { Endpoint } from '../../../handshake/attempt/attempt-options.ts';
import type { ObservedServer } from '../../../handshake/server/observed-server.ts';
import { serverFor, type StartSettings, usualConfiguration } from './server-under-test.ts';
import { type ServerUnderTest, startBound, startServer } from './start-server.ts';
import type { AttemptFunction, ServerConfiguration, ServerTarget, StartServer } from '../target.ts';

/** A server that can be connected to. */
export type ReachableServer = ObservedServer | Endpoint;
/** A target that is a server, or starts one. */
export type ReachableTarget = Exclude<ServerTarget, AttemptFunction>;

/** Uses a server in its usual configuration: the one that runs already, or one that is started for this. */
export async function withUsualServer<Value>(
  target: ReachableTarget,
  settings: StartSettings,
  use: (server: ReachableServer) => Promise<Value>,
): Promise<Value> {
  const running = 'running' in target ? target.running : undefined;
  if ('start' in target && !running) return withStartedServer(target.start, { configuration: usualConfiguration(settings), settings }, use);
  const shared = await serverFor(running ?? target, undefined, settings);
  return useAndClose(shared, use);
}

/** Uses a server that is started as configured and closed afterwards. */
export async function withStartedServer<Value>(
  start: StartServer,
  { configuration, settings }: { readonly configuration: ServerConfiguration; readonly settings: StartSettings },
  use: (server: ReachableServer) => Promise<Value>,
): Promise<Value> {
  return useAndClose(await startServer(start, configuration, startBound(settings.timeout)), use);
}

async function useAndClose<Value>(server: ServerUnderTest | undefined, use: (server: ReachableServer) => Promise<Value>): Promise<Value> {
  if (!server || typeof server.target === 'function') throw new TypeError('no server to connect to'); // a target that is a server gives neither
  try {
    return await use(server.target);
  } finally {
    await server.close();
  }
}
