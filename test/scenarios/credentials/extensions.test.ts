import { extensionsCredentials } from '../../../src/scenarios/credentials/extensions.ts';
import { checkCredentials } from './check-credentials.ts';

checkCredentials(extensionsCredentials());
