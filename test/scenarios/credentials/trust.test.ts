import { trustCredentials } from '../../../src/scenarios/credentials/trust.ts';
import { checkCredentials } from './check-credentials.ts';

checkCredentials(trustCredentials());
