import { describe } from 'vitest';
import { createPki } from '../../src/index.ts';
import { describeReloadUnderTest } from '../../src/vitest/index.ts';
import { correctReloads } from './reload/correct-servers.ts';

describe('servers that reload as they should raise no alarm', () => {
  const pki = createPki({ name: 'correct reloads' });
  for (const { name, source, options } of correctReloads)
    describeReloadUnderTest(name, source(), { pki, tiers: ['core', 'varies'], ...options });
});
