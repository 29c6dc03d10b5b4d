import { nameConstraintsCredentials } from '../../../src/scenarios/credentials/name-constraints.ts';
import { checkCredentials } from './check-credentials.ts';

checkCredentials(nameConstraintsCredentials());
