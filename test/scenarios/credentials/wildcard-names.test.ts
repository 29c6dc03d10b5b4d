import { wildcardNamesCredentials } from '../../../src/scenarios/credentials/wildcard-names.ts';
import { checkCredentials } from './check-credentials.ts';

checkCredentials(wildcardNamesCredentials());
