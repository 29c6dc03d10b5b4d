import { certificateNamesCredentials } from './credentials/names/certificate-names.ts';
import { clientNamesCredentials } from './credentials/names/client-names.ts';
import { commonNamesCredentials } from './credentials/names/common-names.ts';
import { type CredentialDefinition, type CredentialTable, scenariosOf } from './credential-definition.ts';
import { hostNamesCredentials } from './credentials/names/host-names.ts';
import { revocationListsCredentials } from './credentials/revocation/revocation-lists.ts';
import { clientOcspCredentials } from './credentials/revocation/client-ocsp.ts';
import { revocationCredentials } from './credentials/revocation/revocation.ts';
import { spiffeIdsCredentials } from './credentials/names/spiffe-ids.ts';
import { timeCredentials } from './credentials/content/time.ts';
import { wildcardNamesCredentials } from './credentials/names/wildcard-names.ts';
import { signaturesCredentials } from './credentials/keys/signatures.ts';
import { keysCredentials } from './credentials/keys/keys.ts';
import { curvesCredentials } from './credentials/keys/curves.ts';
import { versionsCredentials } from './credentials/content/versions.ts';
import { fieldsCredentials } from './credentials/content/fields.ts';
import { extensionsCredentials } from './credentials/content/extensions.ts';
import { entriesCredentials } from './credentials/content/entries.ts';
import { anchorAuthoritiesCredentials } from './credentials/issuers/anchor-authorities.ts';
import { anchorsCredentials } from './credentials/issuers/anchors.ts';
import { authoritiesCredentials } from './credentials/issuers/authorities.ts';
import { nameConstraintsCredentials } from './credentials/names/name-constraints.ts';
import { pinnedCredentials } from './credentials/issuers/pinned.ts';
import { untrustedChainsCredentials } from './credentials/issuers/untrusted-chains.ts';
import { spelledHostsCredentials } from './credentials/names/spelled-hosts.ts';
import { spiffeFederationCredentials } from './credentials/names/spiffe-federation.ts';
import { userPrincipalNamesCredentials } from './credentials/names/user-principal-names.ts';
import { otherNameConstraintsCredentials } from './credentials/names/other-name-constraints.ts';
import { sentChainsCredentials } from './credentials/issuers/sent-chains.ts';
import { trustCredentials } from './credentials/issuers/trust.ts';
import { extendedKeyUsageCredentials } from './credentials/content/extended-key-usage.ts';
import { keyUsageCredentials } from './credentials/content/key-usage.ts';
import { lazyList } from './lazy-list.ts';
import type { ClientScenario, ServerScenario } from './scenario.ts';

const tables: readonly CredentialTable[] = [
  trustCredentials,
  pinnedCredentials,
  untrustedChainsCredentials,
  sentChainsCredentials,
  anchorsCredentials,
  timeCredentials,
  hostNamesCredentials,
  spelledHostsCredentials,
  wildcardNamesCredentials,
  commonNamesCredentials,
  certificateNamesCredentials,
  clientNamesCredentials,
  userPrincipalNamesCredentials,
  spiffeIdsCredentials,
  spiffeFederationCredentials,
  extendedKeyUsageCredentials,
  keyUsageCredentials,
  authoritiesCredentials,
  anchorAuthoritiesCredentials,
  nameConstraintsCredentials,
  otherNameConstraintsCredentials,
  revocationCredentials,
  revocationListsCredentials,
  clientOcspCredentials,
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
