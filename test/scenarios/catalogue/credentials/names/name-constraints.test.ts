import { nameConstraintsCredentials } from '../../../../../src/scenarios/catalogue/credentials/names/name-constraints.ts';
import { checkCredentials } from '../../../credentials/check-credentials.ts';

checkCredentials(nameConstraintsCredentials());
