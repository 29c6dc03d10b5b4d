import { expect } from 'vitest';
import { failureMatcher } from './failure-matcher.ts';
import { handshakeMatchers } from './matchers.ts';
import { serverMatchers } from './server-matchers.ts';
import type {} from './matcher-types.ts';

expect.extend({ ...handshakeMatchers, ...serverMatchers, ...failureMatcher });

export { expect };
