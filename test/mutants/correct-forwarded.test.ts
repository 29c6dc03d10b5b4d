import { describe } from 'vitest';
import { createPki } from '../../src/index.ts';
import { describeForwardedUnderTest } from '../../src/vitest/index.ts';
import { correctApplications } from './forwarded/correct-applications.ts';

describe('applications that read the headers of their proxy as they should raise no alarm', () => {
  const pki = createPki({ name: 'correct applications' });
  for (const { name, start, format, through, options } of correctApplications)
    describeForwardedUnderTest(
      name,
      { start, format, ...(through && { through }) },
      { pki, tiers: ['core', 'extended', 'varies', 'control'], ...options },
    );
});
