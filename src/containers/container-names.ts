import type { ContainerRuntimeClient, GenericContainer } from 'testcontainers';
import { isIpAddress } from '../net/addresses.ts';
import { permittedOf } from '../pki/permitted.ts';

/** The names by which a container may be addressed: from here, from its neighbours, and from containers by way of the host. */
export interface ContainerNames {
  readonly dns: readonly string[];
  readonly ip: readonly string[];
}

/** What a certificate for this container is to say: its names that are permitted, and names and addresses of the user's own, permitted or not. */
export function namesOf(
  container: GenericContainer,
  engine: ContainerRuntimeClient,
  { more, permitted }: { readonly more: readonly string[]; readonly permitted: readonly string[] | undefined },
): ContainerNames {
  const { host, hostIps } = engine.info.containerRuntime;
  const found = permittedOf(byForm([...everyHost, host, ...hostIps.map(({ address }) => address), ...aliasesOf(container)]), permitted);
  return byForm([...found.dns, ...found.ip, ...more]);
}

function byForm(names: readonly string[]): ContainerNames {
  const once = [...new Set(names)];
  return { dns: once.filter((name) => !isIpAddress(name)), ip: once.filter(isIpAddress) };
}

/** Testcontainers offers no other way to ask a container that has not started. */
function aliasesOf(container: GenericContainer): readonly string[] {
  const { Hostname: hostname } = container['createOpts'];
  return [...container['networkAliases'], ...(hostname ? [hostname] : [])];
}

const everyHost = ['localhost', '127.0.0.1', '::1', 'host.docker.internal', 'host.testcontainers.internal'];
