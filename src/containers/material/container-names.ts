import type { ContainerRuntimeClient, GenericContainer } from 'testcontainers';
import { isIpAddress } from '../../net/addresses.ts';
import { permittedOf } from '../../pki/permitted.ts';

/** The names by which a container may be addressed: from here, from its neighbours, and from containers by way of the host. */
export interface ContainerNames {
  readonly dns: readonly string[];
  readonly ip: readonly string[];
}

/** The names for this container's certificate: its own as far as they are permitted, and those of the user, permitted or not. */
export function namesOf(
  container: GenericContainer,
  engine: ContainerRuntimeClient,
  { more, permitted }: { readonly more: readonly string[]; readonly permitted: readonly string[] | undefined },
): ContainerNames {
  const { host, hostIps } = engine.info.containerRuntime;
  const found = permittedOf(
    namesByForm([...everyHost, host, ...hostIps.map(({ address }) => address), ...aliasesOf(container)]),
    permitted,
  );
  return namesByForm([...found.dns, ...found.ip, ...more]);
}

/** Addresses apart from names. */
export function namesByForm(names: readonly string[]): ContainerNames {
  const once = [...new Set(names)];
  return { dns: once.filter((name) => !isIpAddress(name)), ip: once.filter(isIpAddress) };
}

/** Testcontainers has no other way to read these of a container that has not started. */
function aliasesOf(container: GenericContainer): readonly string[] {
  const { Hostname: hostname } = container['createOpts'];
  return [...container['networkAliases'], ...(hostname ? [hostname] : [])];
}

const everyHost = ['localhost', '127.0.0.1', '::1', 'host.docker.internal', 'host.testcontainers.internal'];
