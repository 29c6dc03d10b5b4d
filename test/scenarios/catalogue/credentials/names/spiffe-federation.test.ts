import { test } from 'vitest';
import { spiffeFederationCredentials } from '../../../../../src/scenarios/catalogue/credentials/names/spiffe-federation.ts';
import { casesIn, checkControl, checkMinting, checkOutcome, scenariosIn } from '../../../credentials/check-credentials.ts';

const definitions = spiffeFederationCredentials();

test.for(casesIn(definitions))('$role $id ($version) comes to what the data say', checkOutcome);

test.for(casesIn(definitions))('$role $id ($version) is accepted without its one fault', checkControl);

test.for(scenariosIn(definitions))('$role $id mints anew each time, also under a PKI of another key and depth', checkMinting);
