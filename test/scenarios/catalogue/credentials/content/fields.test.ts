import { fieldsCredentials } from '../../../../../src/scenarios/catalogue/credentials/content/fields.ts';
import { checkCredentials } from '../../../credentials/check-credentials.ts';

checkCredentials(fieldsCredentials());
