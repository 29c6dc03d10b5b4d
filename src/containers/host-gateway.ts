import os from 'node:os';
import { MtlsFixturesError } from '../errors/index.ts';
import { findEngine } from './engine.ts';

/** How containers reach servers of this process. */
export interface HostGateway {
  /** The name by which a container that has `extraHost` reaches this machine: `host.docker.internal`. For the server's certificate. */
  readonly hostname: string;
  /** Where a server of this process has to listen, as its option `host`: the engine's bridge, which the network outside does not reach, or the loopback of Docker Desktop. */
  readonly bindAddress: string;
  /** For `container.withExtraHosts([extraHost])`. */
  readonly extraHost: { readonly host: string; readonly ipAddress: string };
}

/**
 * Finds out how a container of the engine becomes a client of an in-process server. Throws `NO_HOST_GATEWAY` for an engine on another machine, to which this process
 * is no host; `TestContainers.exposeHostPorts` tunnels there, under the name `host.testcontainers.internal`. Throws `NO_CONTAINER_ENGINE`.
 */
export async function hostGateway(): Promise<HostGateway> {
  const { host, operatingSystem } = (await findEngine()).info.containerRuntime;
  const found = { hostname, extraHost: { host: hostname, ipAddress: 'host-gateway' } };
  if (!isLoopback(host)) throw new MtlsFixturesError('NO_HOST_GATEWAY', { host });
  // Docker Desktop, Colima and others run the engine in a machine of their own that forwards to the host's loopback.
  if (process.platform !== 'linux' || /desktop/iu.test(operatingSystem)) return { ...found, bindAddress: '127.0.0.1' };
  const bridge = os.networkInterfaces()[defaultBridge]?.find(({ family }) => family === 'IPv4');
  if (!bridge) throw new MtlsFixturesError('NO_HOST_GATEWAY', { host });
  return { ...found, bindAddress: bridge.address };
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}

const hostname = 'host.docker.internal';

/** What Docker calls the bridge whose address `host-gateway` stands for. */
const defaultBridge = 'docker0';
