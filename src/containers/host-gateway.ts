import net from 'node:net';
import type { ContainerRuntimeClient } from 'testcontainers';
import { MtlsFixturesError } from '../errors/index.ts';
import { allowExposureOn } from '../net/exposure-warning.ts';
import { findEngine } from './engine.ts';

/** How containers reach servers of this process. */
export interface HostGateway {
  /** The name by which a container that has `extraHost` reaches this machine: `host.docker.internal`. For the server's certificate. */
  readonly hostname: string;
  /** Where a server of this process has to listen, as its option `host`: the engine's bridge, which the network outside does not reach (a server there warns of nothing), or the loopback of Docker Desktop. */
  readonly bindAddress: string;
  /** For `container.withExtraHosts([extraHost])`. */
  readonly extraHost: { readonly host: string; readonly ipAddress: string };
}

/**
 * Finds out how a container of the engine becomes a client of an in-process server. Throws `NO_HOST_GATEWAY` for an engine on another machine, to which this process
 * is no host; `TestContainers.exposeHostPorts` tunnels there, under the name `host.testcontainers.internal`. Throws `NO_CONTAINER_ENGINE`.
 */
export async function hostGateway(): Promise<HostGateway> {
  const engine = await findEngine();
  const { host, operatingSystem } = engine.info.containerRuntime;
  const found = { hostname, extraHost: { host: hostname, ipAddress: 'host-gateway' } };
  // The loopback, or the bridge, by which Testcontainers names an engine that shares a container with this process.
  if (!(await isOwnAddress(host))) throw new MtlsFixturesError('NO_HOST_GATEWAY', { host });
  // Docker Desktop, Colima and others run the engine in a machine of their own that forwards to the host's loopback.
  if (process.platform !== 'linux' || /desktop/iu.test(operatingSystem)) return { ...found, bindAddress: '127.0.0.1' };
  const bindAddress = await bridgeAddress(engine);
  if (bindAddress === undefined) throw new MtlsFixturesError('NO_HOST_GATEWAY', { host });
  allowExposureOn(bindAddress);
  return { ...found, bindAddress };
}

/**
 * The address that `host-gateway` stands for, asked of the engine: Node lists no interface that has no carrier, which the bridge has only while a container runs
 * (measured on Node 26.10). The engine names no gateway before its first container; then it is the first address of the subnet. Nothing where it is none of this machine.
 */
async function bridgeAddress(engine: ContainerRuntimeClient): Promise<string | undefined> {
  const { IPAM: addresses } = await inspectBridge(engine);
  for (const { Gateway: gateway, Subnet: subnet } of addresses?.Config ?? []) {
    const address = gateway ?? subnet?.replace(/\.0\/\d+$/u, '.1');
    if (address !== undefined && net.isIPv4(address) && (await isOwnAddress(address))) return address;
  }
  return undefined;
}

/** Of the Docker Engine API: NetworkInspect. Empty for an engine that has no network of that name. */
async function inspectBridge(engine: ContainerRuntimeClient): Promise<BridgeInspection> {
  try {
    return (await engine.network.getById('bridge').inspect()) as BridgeInspection; // dockerode says any
  } catch {
    return {};
  }
}

interface BridgeInspection {
  readonly IPAM?: { readonly Config?: readonly { readonly Gateway?: string; readonly Subnet?: string }[] | null };
}

/** Whether a server of this process can listen there: not on another machine, nor on the bridge of an engine in a name space of its own. */
function isOwnAddress(host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.once('error', () => resolve(false));
    server.listen({ host, port: 0 }, () => server.close(() => resolve(true)));
  });
}

const hostname = 'host.docker.internal';
