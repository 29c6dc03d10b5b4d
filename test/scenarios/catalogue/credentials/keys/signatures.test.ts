import { signaturesCredentials } from '../../../../../src/scenarios/catalogue/credentials/keys/signatures.ts';
import { checkCredentials } from '../../../credentials/check-credentials.ts';

checkCredentials(signaturesCredentials());
