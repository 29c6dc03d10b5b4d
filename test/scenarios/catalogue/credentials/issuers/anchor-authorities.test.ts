import { anchorAuthoritiesCredentials } from '../../../../../src/scenarios/catalogue/credentials/issuers/anchor-authorities.ts';
import { checkCredentials } from '../../../credentials/check-credentials.ts';

checkCredentials(anchorAuthoritiesCredentials());
