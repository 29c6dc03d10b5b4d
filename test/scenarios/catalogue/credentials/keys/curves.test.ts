import { curvesCredentials } from '../../../../../src/scenarios/catalogue/credentials/keys/curves.ts';
import { checkCredentials } from '../../../credentials/check-credentials.ts';

checkCredentials(curvesCredentials());
