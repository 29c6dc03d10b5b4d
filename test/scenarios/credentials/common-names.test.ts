import { commonNamesCredentials } from '../../../src/scenarios/credentials/common-names.ts';
import { checkCredentials } from './check-credentials.ts';

checkCredentials(commonNamesCredentials());
