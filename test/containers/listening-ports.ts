import type { StartedTestContainer } from 'testcontainers';

/** The TCP ports that anything in the container listens on, from Linux itself: /proc/net/tcp has them in hexadecimal, 0A for "listens". */
export async function listeningPorts(container: StartedTestContainer, { loopback = true } = {}): Promise<readonly number[]> {
  const { output } = await container.exec(['sh', '-c', 'cat /proc/net/tcp /proc/net/tcp6']);
  const ports = [...output.matchAll(/^ *\d+: (?<address>[\dA-F]+):(?<port>[\dA-F]{4}) [\dA-F]+:0000 0A /gmu)]
    .filter(({ groups }) => loopback || !/^(?:0{16}F{4}0{4})?0100007F$|^0{24}01000000$/u.test(groups?.['address'] ?? ''))
    .map(({ groups }) => Number.parseInt(groups?.['port'] ?? '', 16));
  return [...new Set(ports)].toSorted((a, b) => a - b);
}
