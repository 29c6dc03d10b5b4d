import type { ContainerRuntimeClient } from 'testcontainers';
import { MtlsFixturesError, messageOf } from '../../errors/index.ts';
import { getContainerRuntimeClient } from './testcontainers.ts';

/** The container engine that Testcontainers finds, local or elsewhere. Throws `NO_CONTAINER_ENGINE`. */
export async function findEngine(): Promise<ContainerRuntimeClient> {
  try {
    return await getContainerRuntimeClient();
  } catch (error) {
    throw new MtlsFixturesError(
      'NO_CONTAINER_ENGINE',
      { dockerHost: process.env['DOCKER_HOST'] ?? '', reason: messageOf(error) },
      { cause: error },
    );
  }
}

/** The last lines that a container has written, at most 30 and 16,000 characters of them, for an error's text; empty where the container is removed. */
export async function lastLines(container: EngineContainer): Promise<string> {
  try {
    const log = await container.logs({ stdout: true, stderr: true, tail: 30 });
    return withoutFrames(log).trim().slice(-longestLog);
  } catch {
    return '';
  }
}

/** The engine counts lines, and a line may be of any length. */
const longestLog = 16_000;

/** A container as Testcontainers hands it to wait strategies. */
export type EngineContainer = ReturnType<ContainerRuntimeClient['container']['getById']>;

/** Without a terminal, every piece of the log begins with eight octets: the stream, and the piece's length (Docker Engine API, ContainerAttach). */
function withoutFrames(log: Buffer): string {
  const pieces: Buffer[] = [];
  let at = 0;
  while (at + 8 <= log.length) {
    if ((log[at] ?? 0) > 2 || log.readUIntBE(at + 1, 3) !== 0) return log.toString('utf8'); // a terminal's: no frames
    const end = at + 8 + log.readUInt32BE(at + 4);
    pieces.push(log.subarray(at + 8, end));
    at = end;
  }
  return Buffer.concat(pieces).toString('utf8');
}
