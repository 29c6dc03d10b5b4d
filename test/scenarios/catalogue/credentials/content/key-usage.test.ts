import { keyUsageCredentials } from '../../../../../src/scenarios/catalogue/credentials/content/key-usage.ts';
import { checkCredentials } from '../../../credentials/check-credentials.ts';

checkCredentials(keyUsageCredentials());
