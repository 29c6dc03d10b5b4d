import { signaturesCredentials } from '../../../src/scenarios/credentials/signatures.ts';
import { checkCredentials } from './check-credentials.ts';

checkCredentials(signaturesCredentials());
