import { describe } from 'vitest';
import { createPki } from '../../src/index.ts';
import { describeBoundTokensUnderTest } from '../../src/vitest/index.ts';
import { correctBehindProxies } from './bound-tokens/behind-proxy.ts';
import { correctResourceServers } from './bound-tokens/correct-resource-servers.ts';

describe('resource servers that do as RFC 8705 says raise no alarm', () => {
  const pki = createPki({ name: 'correct resource servers' });
  for (const { name, source, options } of correctResourceServers)
    describe.each(['TLSv1.3', 'TLSv1.2'] as const)('over %s', (version) => {
      describeBoundTokensUnderTest(name, source, { pki, version, tiers: ['core', 'control', 'extended'], ...options });
    });
  for (const { name, source } of correctBehindProxies)
    describeBoundTokensUnderTest(name, source, { pki, tiers: ['core', 'control', 'extended'] });
});
