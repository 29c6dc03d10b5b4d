import { revocationCredentials } from '../../../src/scenarios/credentials/revocation.ts';
import { checkCredentials } from './check-credentials.ts';

checkCredentials(revocationCredentials());
