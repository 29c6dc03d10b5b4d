import type { Endpoint } from '../../../handshake/attempt/attempt-options.ts';
import type { ObservedServer } from '../../../handshake/server/observed-server.ts';
import type { Pki } from '../../../pki/pki.ts';
import { serverFor, type ServerUnderTest, startServer, usualConfiguration } from './server-under-test.ts';
import type { AttemptFunction, ServerConfiguration, ServerTarget, StartServer } from '../target.ts';

/** A server that can be connected to. */
export type ReachableServer = ObservedServer | Endpoint;
/** A target that is a server, or starts one. */
export type ReachableTarget = Exclude<ServerTarget, AttemptFunction>;

/** Uses a server in its usual configuration: the one that runs already, or one that is started for this. */
export async function withUsualServer<Value>(
  target: ReachableTarget,
  pki: Pki,
  use: (server: ReachableServer) => Promise<Value>,
): Promise<Value> {
  const running = 'running' in target ? target.running : undefined;
  if ('start' in target && !running) return withStartedServer(target.start, usualConfiguration(pki), use);
  const shared = await serverFor(running ?? target, undefined);
  return useAndClose(shared, use);
}

/** Uses a server that is started as configured and closed afterwards. */
export async function withStartedServer<Value>(
  start: StartServer,
  configuration: ServerConfiguration,
  use: (server: ReachableServer) => Promise<Value>,
): Promise<Value> {
  return useAndClose(await startServer(start, configuration), use);
}

async function useAndClose<Value>(server: ServerUnderTest | undefined, use: (server: ReachableServer) => Promise<Value>): Promise<Value> {
  if (!server || typeof server.target === 'function') throw new TypeError('no server to connect to'); // a target that is a server gives neither
  try {
    return await use(server.target);
  } finally {
    await server.close();
  }
}
