import { fieldsCredentials } from '../../../src/scenarios/credentials/fields.ts';
import { checkCredentials } from './check-credentials.ts';

checkCredentials(fieldsCredentials());
