import { describe } from 'vitest';
import { describeSpiffeUnderTest } from '../../src/vitest/index.ts';
import { correctServices } from './spiffe/correct-services.ts';

const bothVersions = ['TLSv1.3', 'TLSv1.2'] as const;
/** Tokens are the same over both. */
const oneVersion = ['TLSv1.3'] as const;

describe('services that do as SPIFFE says raise no alarm', () => {
  for (const { name, source, options } of correctServices)
    describe.each(source.jwt ? oneVersion : bothVersions)('over %s', (version) => {
      describeSpiffeUnderTest(name, source, { version, tiers: ['core', 'control', 'extended', 'varies'], ...options });
    });
});
