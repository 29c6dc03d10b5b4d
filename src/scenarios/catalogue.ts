import { certificateNamesCredentials } from './credentials/certificate-names.ts';
import { clientNamesCredentials } from './credentials/client-names.ts';
import { commonNamesCredentials } from './credentials/common-names.ts';
import { type CredentialDefinition, type CredentialTable, scenariosOf } from './credentials/credential-definition.ts';
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
import { anchorAuthoritiesCredentials } from './credentials/anchor-authorities.ts';
import { anchorsCredentials } from './credentials/anchors.ts';
import { authoritiesCredentials } from './credentials/authorities.ts';
import { nameConstraintsCredentials } from './credentials/name-constraints.ts';
import { otherNameConstraintsCredentials } from './credentials/other-name-constraints.ts';
import { sentChainsCredentials } from './credentials/sent-chains.ts';
import { trustCredentials } from './credentials/trust.ts';
import { usageCredentials } from './credentials/usage.ts';
import { lazyList } from './lazy-list.ts';
import type { ClientScenario, ServerScenario } from './scenario.ts';

const tables: readonly CredentialTable[] = [
  trustCredentials,
  sentChainsCredentials,
  anchorsCredentials,
  timeCredentials,
  hostNamesCredentials,
  wildcardNamesCredentials,
  commonNamesCredentials,
  certificateNamesCredentials,
  clientNamesCredentials,
  spiffeIdsCredentials,
  usageCredentials,
  authoritiesCredentials,
  anchorAuthoritiesCredentials,
  nameConstraintsCredentials,
  otherNameConstraintsCredentials,
  revocationCredentials,
  revocationListsCredentials,
  signaturesCredentials,
  keysCredentials,
  curvesCredentials,
  versionsCredentials,
  fieldsCredentials,
  extensionsCredentials,
  entriesCredentials,
];

/** Bad and unusual client credentials, each different from a valid one in one respect: for servers under test. */
export const clientScenarios: readonly ClientScenario[] = lazyList(() => scenariosOf('client', credentials()));

/** Bad and unusual server credentials, each different from a valid one in one respect: for clients under test. */
export const serverScenarios: readonly ServerScenario[] = lazyList(() => scenariosOf('server', credentials()));

function credentials(): readonly CredentialDefinition[] {
  return tables.flatMap((table) => table());
}
