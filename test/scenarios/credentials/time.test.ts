import { timeCredentials } from '../../../src/scenarios/credentials/time.ts';
import { checkCredentials } from './check-credentials.ts';

checkCredentials(timeCredentials());
