import { failureMatcher } from './failure-matcher.ts';
import { handshakeMatchers } from './handshake-matchers.ts';
import type { MatcherContext } from './matcher-context.ts';
import type { Matchers } from './matcher-types.ts';
import { serverMatchers } from './server-matchers.ts';

const matchers: Matchers = { ...handshakeMatchers, ...serverMatchers, ...failureMatcher };

/** Runs a matcher by its name: what the matchers do is loaded when the first of them is used. */
export function runMatcher<Name extends keyof Matchers>(
  name: Name,
  context: MatcherContext,
  args: Parameters<Matchers[Name]>,
): ReturnType<Matchers[Name]> {
  return Reflect.apply(matchers[name], context, args) as ReturnType<Matchers[Name]>; // Reflect.apply returns any
}
