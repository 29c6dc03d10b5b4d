import { sentChainsCredentials } from '../../../src/scenarios/credentials/sent-chains.ts';
import { checkCredentials } from './check-credentials.ts';

checkCredentials(sentChainsCredentials());
