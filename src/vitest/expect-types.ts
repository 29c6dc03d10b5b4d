import type { MtlsAsymmetricMatchers, MtlsMatchers } from '../matchers/matcher-types.ts';

/**
 * Vitest makes its assertions from those of Chai, promises where they are to be awaited. Its own `Matchers` takes other type parameters in each
 * major version: to add to it would make the types of this package fit one of them only.
 */
declare global {
  // oxlint-disable-next-line typescript/no-namespace -- Chai's types are in one
  namespace Chai {
    interface Assertion extends MtlsMatchers<void> {}
  }
}

declare module 'vitest' {
  interface AsymmetricMatchersContaining extends MtlsAsymmetricMatchers {}
}
