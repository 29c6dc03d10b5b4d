import { certificateNamesCredentials } from '../../../src/scenarios/credentials/certificate-names.ts';
import { checkCredentials } from './check-credentials.ts';

checkCredentials(certificateNamesCredentials());
