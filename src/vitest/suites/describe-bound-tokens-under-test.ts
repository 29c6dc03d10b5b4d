import { describe } from 'vitest';
import { requireOptionsOf } from '../../options/schema.ts';
import type { BoundTokensSource } from '../../scenarios/run/bound-tokens/bound-token-settings.ts';
import { boundTokensSchema, type BoundTokensSuiteOptions, requireBoundTokensSource } from './bound-tokens-options.ts';
import { lineInTestFile } from './suite-line.ts';

/**
 * Defines a suite for a resource server whose access tokens are bound to the certificates of its clients (RFC 8705): tokens of another certificate, without or with a wrong `cnf`, without a
 * certificate, after a renewal, on kept and resumed connections; one test for each scenario, after the controls. `issueToken` gets the claims and signs a token with them. With `format` the
 * certificate comes in the header of a proxy that ends TLS, otherwise in the handshake. Accepted is 2xx, refused 400, 401 or 403.
 */
export function describeBoundTokensUnderTest(name: string, source: BoundTokensSource, options: BoundTokensSuiteOptions = {}): void {
  requireBoundTokensSource(source);
  requireOptionsOf(boundTokensSchema, options);
  describe(name, { meta: lineInTestFile() }, async () => {
    const { defineBoundTokensSuite } = await import('./bound-tokens-suite.ts'); // the catalogue, which only a file with a suite needs
    defineBoundTokensSuite(name, source, options);
  });
}
