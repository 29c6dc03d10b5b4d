import { extensionsCredentials } from '../../../../../src/scenarios/catalogue/credentials/content/extensions.ts';
import { checkCredentials } from '../../../credentials/check-credentials.ts';

checkCredentials(extensionsCredentials());
