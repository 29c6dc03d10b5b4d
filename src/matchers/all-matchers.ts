import type { Matchers } from './matcher-types.ts';
import { runMatcher } from './run-matcher.ts';

/** Every matcher, for the `expect.extend` of Vitest, Jest or Bun. */
export const matchers: Matchers = {
  toBeAccepted(...args) {
    return runMatcher('toBeAccepted', this, args);
  },
  toBeRejected(...args) {
    return runMatcher('toBeRejected', this, args);
  },
  toHaveClientCertificate(...args) {
    return runMatcher('toHaveClientCertificate', this, args);
  },
  toHaveServerCertificate(...args) {
    return runMatcher('toHaveServerCertificate', this, args);
  },
  toAccept(...args) {
    return runMatcher('toAccept', this, args);
  },
  toReject(...args) {
    return runMatcher('toReject', this, args);
  },
  toFailHandshake(...args) {
    return runMatcher('toFailHandshake', this, args);
  },
};
