import { clientNamesCredentials } from '../../../src/scenarios/credentials/client-names.ts';
import { checkCredentials } from './check-credentials.ts';

checkCredentials(clientNamesCredentials());
