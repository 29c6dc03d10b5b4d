import { ImageName } from 'testcontainers';
import { describe } from 'vitest';
import { findEngine } from '../../src/containers/engine/engine.ts';

/** The image that `.ci/engine` builds from `fixtures/containers/<server>`. */
export function imageOf(server: string): string {
  return `mtls-fixtures/${server}:debian`;
}

/** Tests that need the images of these servers: where they are missing, skipped with a warning, and in CI an error. */
export async function describeWithImages(title: string, servers: readonly string[], define: () => void): Promise<void> {
  const missing = await whatIsMissing(servers);
  if (missing !== undefined && process.env['CI'] === 'true') throw new Error(`${missing}; run .ci/engine`);
  if (missing !== undefined) process.stderr.write(`\nSKIPPED "${title}": ${missing}; run .ci/engine to have these tests run\n\n`);
  describe.skipIf(missing !== undefined)(title, define);
}

async function whatIsMissing(servers: readonly string[]): Promise<string | undefined> {
  process.env['TESTCONTAINERS_RYUK_DISABLED'] ??= 'true'; // its image comes from a registry, and every test here stops its own containers
  try {
    const { image } = await findEngine();
    const found = await Promise.all(servers.map((server) => image.exists(ImageName.fromString(imageOf(server)))));
    const absent = servers.filter((_, at) => found[at] !== true);
    return absent.length === 0 ? undefined : `no image of ${absent.join(', ')}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
