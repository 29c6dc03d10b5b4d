import { authoritiesCredentials } from '../../../src/scenarios/credentials/authorities.ts';
import { checkCredentials } from './check-credentials.ts';

checkCredentials(authoritiesCredentials());
