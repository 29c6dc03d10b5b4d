import { describe, expect, test } from 'vitest';
import { findEngine } from '../../src/containers/engine/engine.ts';
import { MtlsNginx } from '../../src/containers/services/web/nginx.ts';
import { imageOf, lacksImages } from '../containers/images.ts';

describe.skipIf(await lacksImages(['nginx']))('a container of a test that throws', () => {
  test('is gone with the block that held it', async () => {
    const ids: string[] = [];
    const failing = async (): Promise<void> => {
      await using nginx = await new MtlsNginx(imageOf('nginx')).start();
      ids.push(nginx.getId());
      expect(await exists(nginx.getId())).toBe(true);
      throw new Error('on purpose');
    };

    await expect(failing()).rejects.toThrow('on purpose');

    expect(ids).toHaveLength(1);
    expect(await exists(ids[0] ?? '')).toBe(false);
  });
});

async function exists(id: string): Promise<boolean> {
  const { container } = await findEngine();
  try {
    await container.inspect(container.getById(id));
    return true;
  } catch (error) {
    if (Object(error).statusCode === 404) return false; // dockerode's
    throw error;
  }
}
