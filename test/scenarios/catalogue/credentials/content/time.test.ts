import { timeCredentials } from '../../../../../src/scenarios/catalogue/credentials/content/time.ts';
import { checkCredentials } from '../../../credentials/check-credentials.ts';

checkCredentials(timeCredentials());
