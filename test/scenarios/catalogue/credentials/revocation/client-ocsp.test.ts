import { test } from 'vitest';
import { clientOcspCredentials } from '../../../../../src/scenarios/catalogue/credentials/revocation/client-ocsp.ts';
import { checkMinting, scenariosIn } from '../../../credentials/check-credentials.ts';

test.for(scenariosIn(clientOcspCredentials()))('$role $id mints anew each time, also under a PKI of another key and depth', checkMinting);
