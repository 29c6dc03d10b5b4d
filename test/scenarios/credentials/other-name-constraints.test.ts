import { otherNameConstraintsCredentials } from '../../../src/scenarios/credentials/other-name-constraints.ts';
import { checkCredentials } from './check-credentials.ts';

checkCredentials(otherNameConstraintsCredentials());
