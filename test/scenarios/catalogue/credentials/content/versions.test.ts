import { versionsCredentials } from '../../../../../src/scenarios/catalogue/credentials/content/versions.ts';
import { checkCredentials } from '../../../credentials/check-credentials.ts';

checkCredentials(versionsCredentials());
