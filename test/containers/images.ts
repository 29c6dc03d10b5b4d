import { ImageName } from 'testcontainers';
import { findEngine } from '../../src/containers/engine/engine.ts';

/** The image that `.ci/engine` builds from `fixtures/containers/<server>`: the usual one, or by the arguments in `current.args` the one of a newer version. */
export function imageOf(server: string, tag: 'debian' | 'current' = 'debian'): string {
  return `mtls-fixtures/${server}:${tag}`;
}

/** Whether tests that need the images of these servers are to be skipped: loudly, and in CI it is an error. Without servers: whether there is no engine. */
export async function lacksImages(servers: readonly string[], tag: 'debian' | 'current' = 'debian'): Promise<boolean> {
  const missing = await whatIsMissing(servers, tag);
  if (missing === undefined) return false;
  if (process.env['CI'] === 'true') throw new Error(`${missing}; run .ci/engine`);
  process.stderr.write(`\nSKIPPED tests that need ${servers.join(', ') || 'an engine'}: ${missing}; run .ci/engine to have them run\n\n`);
  return true;
}

async function whatIsMissing(servers: readonly string[], tag: 'debian' | 'current'): Promise<string | undefined> {
  process.env['TESTCONTAINERS_RYUK_DISABLED'] ??= 'true'; // its image comes from a registry, and every test here stops its own containers
  try {
    const { image } = await findEngine();
    const found = await Promise.all(servers.map((server) => image.exists(ImageName.fromString(imageOf(server, tag)))));
    const absent = servers.filter((_, at) => found[at] !== true);
    return absent.length === 0 ? undefined : `no image of ${absent.join(', ')}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
