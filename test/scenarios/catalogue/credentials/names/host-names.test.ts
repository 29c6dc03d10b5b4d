import { hostNamesCredentials } from '../../../../../src/scenarios/catalogue/credentials/names/host-names.ts';
import { checkCredentials } from '../../../credentials/check-credentials.ts';

checkCredentials(hostNamesCredentials());
