import { certificateNamesCredentials } from '../../../../../src/scenarios/catalogue/credentials/names/certificate-names.ts';
import { checkCredentials } from '../../../credentials/check-credentials.ts';

checkCredentials(certificateNamesCredentials());
