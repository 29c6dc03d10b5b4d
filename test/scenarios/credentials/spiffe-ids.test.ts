import { spiffeIdsCredentials } from '../../../src/scenarios/credentials/spiffe-ids.ts';
import { checkCredentials } from './check-credentials.ts';

checkCredentials(spiffeIdsCredentials());
