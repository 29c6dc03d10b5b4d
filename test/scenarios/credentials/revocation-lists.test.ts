import { revocationListsCredentials } from '../../../src/scenarios/credentials/revocation-lists.ts';
import { checkCredentials } from './check-credentials.ts';

checkCredentials(revocationListsCredentials());
