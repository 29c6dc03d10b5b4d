import { otherNameConstraintsCredentials } from '../../../../../src/scenarios/catalogue/credentials/names/other-name-constraints.ts';
import { checkCredentials } from '../../../credentials/check-credentials.ts';

checkCredentials(otherNameConstraintsCredentials());
