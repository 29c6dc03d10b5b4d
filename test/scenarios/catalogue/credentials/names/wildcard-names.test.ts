import { wildcardNamesCredentials } from '../../../../../src/scenarios/catalogue/credentials/names/wildcard-names.ts';
import { checkCredentials } from '../../../credentials/check-credentials.ts';

checkCredentials(wildcardNamesCredentials());
