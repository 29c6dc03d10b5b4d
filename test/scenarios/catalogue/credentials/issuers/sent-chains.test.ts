import { sentChainsCredentials } from '../../../../../src/scenarios/catalogue/credentials/issuers/sent-chains.ts';
import { checkCredentials } from '../../../credentials/check-credentials.ts';

checkCredentials(sentChainsCredentials());
