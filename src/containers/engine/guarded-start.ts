import type { ContainerRuntimeClient, GenericContainer, ImageName } from 'testcontainers';
import { pause } from '../../clock/pause.ts';
import { MtlsFixturesError, messageOf } from '../../errors/index.ts';
import { type EngineContainer, findEngine, lastLines } from './engine.ts';

/**
 * Starts a container so that a failure includes the container's last log lines, and removes the container. Testcontainers 12.2 keeps a container that stops before its
 * ports are bound, and reports after 10 seconds that they were not (measured).
 */
export async function guardedStart<Started>(container: GenericContainer, start: () => Promise<Started>): Promise<Started> {
  const engine = await findEngine();
  const image = container['imageName'].string;
  let created: EngineContainer | undefined;
  let isRunning = false;
  const stopped = new Promise<never>((_, reject) => {
    const hook = container['containerCreated']?.bind(container);
    container['containerCreated'] = async (id) => {
      created = engine.container.getById(id);
      await hook?.(id);
      void watch(created, () => isRunning, reject);
    };
    // From here on the wait strategy watches it; a container that Testcontainers stops has not stopped by itself.
    const next = container['containerStarting']?.bind(container);
    container['containerStarting'] = async (...facts) => {
      isRunning = true;
      await next?.(...facts);
    };
  });
  try {
    return await Promise.race([start(), stopped]);
  } catch (error) {
    if (!created) throw (await lacksImage(engine, container['imageName'], error)) ? imageError(image, error) : error;
    const log = await lastLines(created);
    await created.remove({ force: true, v: true }).catch(() => undefined); // gone already where Testcontainers removed it
    if (error instanceof MtlsFixturesError) throw error;
    const problem = messageOf(error);
    throw new MtlsFixturesError('CONTAINER_NOT_READY', { image, problem, log }, { cause: error });
  } finally {
    isRunning = true;
  }
}

/** The engine answers 404 where it has the image for another platform only. */
async function lacksImage(engine: ContainerRuntimeClient, image: ImageName, error: unknown): Promise<boolean> {
  if (!(error instanceof Error) || !('statusCode' in error)) return false;
  return error.statusCode === 404 || !(await engine.image.exists(image));
}

function imageError(image: string, error: unknown): MtlsFixturesError<'IMAGE_UNAVAILABLE'> {
  const reason = messageOf(error)
    .replace(/^\(HTTP code \d+\) [a-z ]+ - /u, '')
    .trim();
  return new MtlsFixturesError('IMAGE_UNAVAILABLE', { image, reason }, { cause: error });
}

async function watch(container: EngineContainer, isWatchOver: () => boolean, report: (error: Error) => void): Promise<void> {
  while (!isWatchOver()) {
    const state = await container.inspect().then(
      ({ State }) => State,
      () => undefined,
    );
    if (state?.Status === 'exited' || state?.Status === 'dead') return report(new Error(`it stopped with exit code ${state.ExitCode}`));
    await pause(pollInterval);
  }
}

/** Milliseconds. */
const pollInterval = 200;
