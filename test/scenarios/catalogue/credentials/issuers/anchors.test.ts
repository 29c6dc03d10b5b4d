import { anchorsCredentials } from '../../../../../src/scenarios/catalogue/credentials/issuers/anchors.ts';
import { checkCredentials } from '../../../credentials/check-credentials.ts';

checkCredentials(anchorsCredentials());
