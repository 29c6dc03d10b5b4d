import { expect } from 'vitest';
import { matchers as plainMatchers } from '../matchers/all-matchers.ts';
import type { MatcherContext } from '../matchers/matcher-context.ts';
import type { Matchers } from '../matchers/matcher-types.ts';
import { snapshotSerializer } from '../matchers/snapshot-serializer.ts';
import { recordedMatchers } from './recorded-matchers.ts';
import './expect-types.ts';
import { knownPki } from './run-pki.ts';

/** Every matcher, for the `expect.extend` of Vitest; `toReject` knows the PKI of the run. */
export const matchers: Matchers = {
  ...plainMatchers,
  toReject(...args) {
    const context: MatcherContext = Object.create(this, { runPki: { value: knownPki } }) as MatcherContext; // this, with one member more
    return plainMatchers.toReject.apply(context, args);
  },
};

expect.extend({ ...recordedMatchers(matchers) });
expect.addSnapshotSerializer(snapshotSerializer);

export { expect };
