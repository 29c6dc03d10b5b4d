import { clientNamesCredentials } from '../../../../../src/scenarios/catalogue/credentials/names/client-names.ts';
import { checkCredentials } from '../../../credentials/check-credentials.ts';

checkCredentials(clientNamesCredentials());
