import { hostNamesCredentials } from '../../../src/scenarios/credentials/host-names.ts';
import { checkCredentials } from './check-credentials.ts';

checkCredentials(hostNamesCredentials());
