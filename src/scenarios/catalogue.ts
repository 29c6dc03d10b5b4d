import { certificateNamesCredentials } from './credentials/certificate-names.ts';
import { clientNamesCredentials } from './credentials/client-names.ts';
import { commonNamesCredentials } from './credentials/common-names.ts';
import { type CredentialDefinition, scenariosOf } from './credentials/credential-definition.ts';
import { hostNamesCredentials } from './credentials/host-names.ts';
import { revocationListsCredentials } from './credentials/revocation-lists.ts';
import { revocationCredentials } from './credentials/revocation.ts';
import { spiffeIdsCredentials } from './credentials/spiffe-ids.ts';
import { timeCredentials } from './credentials/time.ts';
import { wildcardNamesCredentials } from './credentials/wildcard-names.ts';
import { signaturesCredentials } from './credentials/signatures.ts';
import { keysCredentials } from './credentials/keys.ts';
import { curvesCredentials } from './credentials/curves.ts';
import { versionsCredentials } from './credentials/versions.ts';
import { fieldsCredentials } from './credentials/fields.ts';
import { extensionsCredentials } from './credentials/extensions.ts';
import { entriesCredentials } from './credentials/entries.ts';
import type { ClientScenario, ServerScenario } from './scenario.ts';

const credentials: readonly CredentialDefinition[] = [
  ...timeCredentials,
  ...hostNamesCredentials,
  ...wildcardNamesCredentials,
  ...commonNamesCredentials,
  ...certificateNamesCredentials,
  ...clientNamesCredentials,
  ...spiffeIdsCredentials,
  ...revocationCredentials,
  ...revocationListsCredentials,
  ...signaturesCredentials,
  ...keysCredentials,
  ...curvesCredentials,
  ...versionsCredentials,
  ...fieldsCredentials,
  ...extensionsCredentials,
  ...entriesCredentials,
];

/** Bad and unusual client credentials, each different from a valid one in one respect: for servers under test. */
export const clientScenarios: readonly ClientScenario[] = scenariosOf('client', credentials);

/** Bad and unusual server credentials, each different from a valid one in one respect: for clients under test. */
export const serverScenarios: readonly ServerScenario[] = scenariosOf('server', credentials);
