import net from 'node:net';
import type { ContainerRuntimeClient, GenericContainer } from 'testcontainers';

/** The names by which a container may be addressed: from here, from its neighbours, and from containers by way of the host. */
export interface ContainerNames {
  readonly dns: readonly string[];
  readonly ip: readonly string[];
}

/** What a certificate for this container is to say; `more` are names and addresses of the user's own. */
export function namesOf(container: GenericContainer, engine: ContainerRuntimeClient, more: readonly string[]): ContainerNames {
  const { host, hostIps } = engine.info.containerRuntime;
  const names = new Set([...everyHost, host, ...hostIps.map(({ address }) => address), ...aliasesOf(container), ...more]);
  return { dns: [...names].filter((name) => !isAddress(name)), ip: [...names].filter(isAddress) };
}

function isAddress(name: string): boolean {
  return net.isIP(name) !== 0;
}

/** Testcontainers offers no other way to ask a container that has not started. */
function aliasesOf(container: GenericContainer): readonly string[] {
  const { Hostname: hostname } = container['createOpts'];
  return [...container['networkAliases'], ...(hostname ? [hostname] : [])];
}

const everyHost = ['localhost', '127.0.0.1', '::1', 'host.docker.internal', 'host.testcontainers.internal'];
