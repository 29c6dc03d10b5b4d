import { commonNamesCredentials } from '../../../../../src/scenarios/catalogue/credentials/names/common-names.ts';
import { checkCredentials } from '../../../credentials/check-credentials.ts';

checkCredentials(commonNamesCredentials());
