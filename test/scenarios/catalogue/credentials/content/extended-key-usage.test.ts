import { extendedKeyUsageCredentials } from '../../../../../src/scenarios/catalogue/credentials/content/extended-key-usage.ts';
import { checkCredentials } from '../../../credentials/check-credentials.ts';

checkCredentials(extendedKeyUsageCredentials());
