import { anchorAuthoritiesCredentials } from '../../../src/scenarios/credentials/anchor-authorities.ts';
import { checkCredentials } from './check-credentials.ts';

checkCredentials(anchorAuthoritiesCredentials());
