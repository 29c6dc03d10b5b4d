import { keysCredentials } from '../../../../../src/scenarios/catalogue/credentials/keys/keys.ts';
import { checkCredentials } from '../../../credentials/check-credentials.ts';

checkCredentials(keysCredentials());
