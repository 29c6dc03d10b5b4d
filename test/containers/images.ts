import { ImageName } from 'testcontainers';
import { findEngine } from '../../src/containers/engine/engine.ts';

/** The image that `.ci/engine` builds from `fixtures/containers/<server>`. */
export function imageOf(server: string): string {
  return `mtls-fixtures/${server}:debian`;
}

/** Whether tests that need the images of these servers are to be skipped: loudly, and in CI it is an error. Without servers: whether there is no engine. */
export async function lacksImages(servers: readonly string[]): Promise<boolean> {
  const missing = await whatIsMissing(servers);
  if (missing === undefined) return false;
  if (process.env['CI'] === 'true') throw new Error(`${missing}; run .ci/engine`);
  process.stderr.write(`\nSKIPPED tests that need ${servers.join(', ') || 'an engine'}: ${missing}; run .ci/engine to have them run\n\n`);
  return true;
}

/** Whether tests that need a public image for which there is no stand-in are to be skipped: loudly, in CI too. `docker pull` has them run. */
export async function lacksPublicImage(image: string): Promise<boolean> {
  const missing = await whatIsMissing([image], (name) => name);
  if (missing !== undefined) process.stderr.write(`\nSKIPPED tests that need ${image}: ${missing}; docker pull ${image} has them run\n\n`);
  return missing !== undefined;
}

async function whatIsMissing(names: readonly string[], of: (name: string) => string = imageOf): Promise<string | undefined> {
  process.env['TESTCONTAINERS_RYUK_DISABLED'] ??= 'true'; // its image comes from a registry, and every test here stops its own containers
  try {
    const { image } = await findEngine();
    const found = await Promise.all(names.map((name) => image.exists(ImageName.fromString(of(name)))));
    const absent = names.filter((_, at) => found[at] !== true);
    return absent.length === 0 ? undefined : `no image of ${absent.join(', ')}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
