import { test } from 'vitest';
import { untrustedChainsCredentials } from '../../../../../src/scenarios/catalogue/credentials/issuers/untrusted-chains.ts';
import { casesIn, checkControl, checkMinting, checkOutcome, scenariosIn } from '../../../credentials/check-credentials.ts';

const definitions = untrustedChainsCredentials();

test.for(casesIn(definitions))('$role $id ($version) comes to what the data say', checkOutcome);

test.for(casesIn(definitions))('$role $id ($version) is accepted without its one fault', checkControl);

test.for(scenariosIn(definitions))('$role $id mints anew each time, also under a PKI of another key and depth', checkMinting);
