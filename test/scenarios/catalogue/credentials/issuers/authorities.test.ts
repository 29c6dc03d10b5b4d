import { authoritiesCredentials } from '../../../../../src/scenarios/catalogue/credentials/issuers/authorities.ts';
import { checkCredentials } from '../../../credentials/check-credentials.ts';

checkCredentials(authoritiesCredentials());
