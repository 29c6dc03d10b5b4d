import { lazyList } from './lazy-list.ts';
import { clientCertificates } from './spiffe/client-certificates.ts';
import { clientIds } from './spiffe/client-ids.ts';
import { clientIssuers } from './spiffe/client-issuers.ts';
import { damagedMessages } from './spiffe/damaged-messages.ts';
import { jwtSvids } from './spiffe/jwt-svids.ts';
import { federation, losses } from './spiffe/losses.ts';
import { rotations } from './spiffe/rotations.ts';
import type { SpiffeScenario } from './spiffe/spiffe-scenario.ts';

/** What a service is to make of its clients and of its SPIFFE Workload API. */
export const spiffeScenarios: readonly SpiffeScenario[] = lazyList(() => [
  ...clientIds(),
  ...clientIssuers(),
  ...clientCertificates(),
  ...rotations(),
  ...federation(),
  ...damagedMessages(),
  ...losses(),
  ...jwtSvids(),
]);
