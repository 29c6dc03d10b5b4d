import { createPki } from '../../../src/index.ts';
import { describeClientUnderTest, describeServerUnderTest } from '../../../src/vitest/index.ts';

// Each takes longer than the config's testTimeout, or never ends; the suite's own bound and message are to hold.
const only = ['valid'];
const versions = ['TLSv1.3'] as const;
const takes = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));
const never = (): Promise<never> => new Promise(() => {});

describeServerUnderTest('a slow service', { attempt: () => takes(700) }, { pki: createPki(), only, versions, timeout: 20_000 });
describeServerUnderTest('a service that never answers', { attempt: never }, { pki: createPki(), only, versions, timeout: 700 });
describeServerUnderTest('a service that never starts', { start: never }, { pki: createPki(), only, versions, timeout: 700 });
describeClientUnderTest('a client that never ends', never, { only: ['expired-leaf'], versions, timeout: 700 });
