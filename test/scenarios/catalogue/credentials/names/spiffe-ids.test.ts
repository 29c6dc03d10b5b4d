import { spiffeIdsCredentials } from '../../../../../src/scenarios/catalogue/credentials/names/spiffe-ids.ts';
import { checkCredentials } from '../../../credentials/check-credentials.ts';

checkCredentials(spiffeIdsCredentials());
