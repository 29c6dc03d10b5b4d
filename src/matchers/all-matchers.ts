import { failureMatcher } from './failure-matcher.ts';
import { handshakeMatchers } from './handshake-matchers.ts';
import type { Matchers } from './matcher-types.ts';
import { serverMatchers } from './server-matchers.ts';

/** Every matcher, for the `expect.extend` of Vitest, Jest or Bun. */
export const matchers: Matchers = { ...handshakeMatchers, ...serverMatchers, ...failureMatcher };
