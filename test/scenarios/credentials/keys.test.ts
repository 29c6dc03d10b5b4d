import { keysCredentials } from '../../../src/scenarios/credentials/keys.ts';
import { checkCredentials } from './check-credentials.ts';

checkCredentials(keysCredentials());
