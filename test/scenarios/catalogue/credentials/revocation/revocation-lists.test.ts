import { revocationListsCredentials } from '../../../../../src/scenarios/catalogue/credentials/revocation/revocation-lists.ts';
import { checkCredentials } from '../../../credentials/check-credentials.ts';

checkCredentials(revocationListsCredentials());
