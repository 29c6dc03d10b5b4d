import { confirmations } from './bound-tokens/confirmations.ts';
import { connections } from './bound-tokens/connections.ts';
import { otherCertificates } from './bound-tokens/other-certificates.ts';
import type { BoundTokenScenario } from './bound-tokens/bound-token-scenario.ts';
import { lazyList } from './lazy-list.ts';

/** What a resource server is to make of access tokens that are bound to a client's certificate (RFC 8705). */
export const boundTokenScenarios: readonly BoundTokenScenario[] = lazyList(() => [
  ...otherCertificates(),
  ...confirmations(),
  ...connections(),
]);
