import type { StartedTestContainer } from 'testcontainers';

/** The TCP ports that anything in the container listens on, from Linux itself: /proc/net/tcp has them in hexadecimal, 0A for "listens". */
export async function listeningPorts(container: StartedTestContainer): Promise<readonly number[]> {
  const { output } = await container.exec(['sh', '-c', 'cat /proc/net/tcp /proc/net/tcp6']);
  const ports = [...output.matchAll(/^ *\d+: [\dA-F]+:(?<port>[\dA-F]{4}) [\dA-F]+:0000 0A /gmu)].map(({ groups }) =>
    Number.parseInt(groups?.['port'] ?? '', 16),
  );
  return [...new Set(ports)].toSorted((a, b) => a - b);
}
