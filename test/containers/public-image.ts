import { ImageName } from 'testcontainers';
import { describe } from 'vitest';
import { findEngine } from '../../src/containers/engine/engine.ts';

/** Tests that need a public image for which there is no stand-in: skipped with a warning where the engine does not have it, in CI too. `docker pull` has them run. */
export async function describeWithPublicImage(image: string, define: () => void): Promise<void> {
  process.env['TESTCONTAINERS_RYUK_DISABLED'] ??= 'true'; // every test here stops its own containers
  const isThere = await isInEngine(image);
  if (!isThere) process.stderr.write(`\nSKIPPED what needs ${image}: the engine does not have it; docker pull ${image} has it run\n\n`);
  describe.skipIf(!isThere)(`with ${image}`, () => {
    define();
  });
}

async function isInEngine(image: string): Promise<boolean> {
  try {
    return await (await findEngine()).image.exists(ImageName.fromString(image));
  } catch {
    return false;
  }
}
