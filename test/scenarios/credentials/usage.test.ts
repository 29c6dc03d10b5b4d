import { usageCredentials } from '../../../src/scenarios/credentials/usage.ts';
import { checkCredentials } from './check-credentials.ts';

checkCredentials(usageCredentials());
