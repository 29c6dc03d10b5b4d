import { versionsCredentials } from '../../../src/scenarios/credentials/versions.ts';
import { checkCredentials } from './check-credentials.ts';

checkCredentials(versionsCredentials());
