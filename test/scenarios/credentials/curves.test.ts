import { curvesCredentials } from '../../../src/scenarios/credentials/curves.ts';
import { checkCredentials } from './check-credentials.ts';

checkCredentials(curvesCredentials());
