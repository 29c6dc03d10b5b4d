import { entriesCredentials } from '../../../../../src/scenarios/catalogue/credentials/content/entries.ts';
import { checkCredentials } from '../../../credentials/check-credentials.ts';

checkCredentials(entriesCredentials());
