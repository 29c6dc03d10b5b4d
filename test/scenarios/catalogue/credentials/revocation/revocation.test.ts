import { revocationCredentials } from '../../../../../src/scenarios/catalogue/credentials/revocation/revocation.ts';
import { checkCredentials } from '../../../credentials/check-credentials.ts';

checkCredentials(revocationCredentials());
