import { entriesCredentials } from '../../../src/scenarios/credentials/entries.ts';
import { checkCredentials } from './check-credentials.ts';

checkCredentials(entriesCredentials());
