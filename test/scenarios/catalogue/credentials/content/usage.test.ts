import { usageCredentials } from '../../../../../src/scenarios/catalogue/credentials/content/usage.ts';
import { checkCredentials } from '../../../credentials/check-credentials.ts';

checkCredentials(usageCredentials());
