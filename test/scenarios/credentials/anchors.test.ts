import { anchorsCredentials } from '../../../src/scenarios/credentials/anchors.ts';
import { checkCredentials } from './check-credentials.ts';

checkCredentials(anchorsCredentials());
