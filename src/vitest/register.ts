import { expect, type Matcher } from 'vitest';
import { failureMatcher } from './failure-matcher.ts';
import { handshakeMatchers } from './matchers.ts';
import { serverMatchers } from './server-matchers.ts';
import type { MtlsMatchers } from './matcher-types.ts';

/** Every matcher that the types promise. */
export const matchers: Readonly<Record<keyof MtlsMatchers<void>, Matcher>> = { ...handshakeMatchers, ...serverMatchers, ...failureMatcher };

expect.extend({ ...matchers });

export { expect };
