import type { Side } from '../../../wire/tap/capture.ts';
import type { ScenarioId } from '../ids/scenario-id.ts';
import type { Severity } from '../references.ts';
import type { ScenarioGroup, ScenarioTier } from '../scenario.ts';
import type { ControlId } from './control.ts';

/** What decides which controls a scenario shows. */
export interface Mapped {
  readonly id: ScenarioId;
  readonly role: Side | 'protocol' | 'reload' | 'forwarded' | 'bound-token' | 'spiffe';
  readonly group: ScenarioGroup;
  readonly tier: ScenarioTier;
  readonly severity: Severity;
}

/**
 * The controls that a target violates which accepts what this scenario expects to be rejected. Those of its group belong to it only where something has to be rejected: a
 * target that accepts an unusual valid credential has shown no control.
 */
export function controlsOf({ id, role, group, tier, severity }: Mapped): readonly ControlId[] {
  const byGroup = groupRules.filter((rule) => severity !== 'informational' && rule.role === role && rule.groups.includes(group));
  const identity = tier === 'app' && severity !== 'informational' ? identityControls : [];
  const byId = idRules.filter((rule) => rule.ids.includes(id) && (rule.role ?? role) === role);
  return [...new Set([...byGroup.flatMap(({ controls }) => controls), ...identity, ...byId.flatMap(({ controls }) => controls)])].toSorted(
    naturally,
  );
}

const naturally = new Intl.Collator('en', { numeric: true }).compare;

interface GroupRule {
  readonly role: Side | 'protocol' | 'reload' | 'forwarded' | 'bound-token' | 'spiffe';
  readonly groups: readonly ScenarioGroup[];
  readonly controls: readonly ControlId[];
}

const path: readonly ScenarioGroup[] = ['trust', 'time', 'usage', 'crypto', 'encoding'];

/** By the one that presents and the group. */
const groupRules: readonly GroupRule[] = [
  { role: 'client', groups: path, controls: ['ASVS-v5.0.0-12.1.3', 'SP800-52r2-3.5.1'] },
  { role: 'server', groups: [...path, 'names'], controls: ['ASVS-v5.0.0-12.3.2', 'SP800-52r2-4.5.1'] },
  { role: 'server', groups: ['names'], controls: ['RFC9325-7.1'] },
  { role: 'forwarded', groups: ['forwarded'], controls: ['ASVS-v5.0.0-12.1.3'] },
  { role: 'client', groups: ['trust'], controls: ['ASVS-v5.0.0-12.3.4', 'SP800-52r2-3.5.2'] },
  { role: 'server', groups: ['trust'], controls: ['ASVS-v5.0.0-12.3.4'] },
  { role: 'client', groups: ['revocation'], controls: ['ASVS-v5.0.0-12.1.4', 'SP800-52r2-3.2.2', 'RFC9325-7.5'] },
  { role: 'server', groups: ['revocation'], controls: ['ASVS-v5.0.0-12.1.4', 'SP800-52r2-4.2.2', 'RFC9325-7.5'] },
  { role: 'bound-token', groups: ['bound-tokens'], controls: ['ASVS-v5.0.0-10.3.5'] },
];

/** Headers of a proxy that a client could have sent. */
const forgedHeaders: readonly ScenarioId[] = [
  'forwarded-direct',
  'forwarded-other-vendor-instead',
  'forwarded-other-vendor-beside',
  'forwarded-doubled-forged-first',
  'forwarded-doubled-forged-last',
  'forwarded-doubled-other-case',
  'forwarded-joined-forged-first',
  'forwarded-joined-forged-last',
  'forwarded-joined-without-blank',
  'forwarded-underscores',
  'forwarded-underscores-beside',
  'forwarded-dots',
  'forwarded-verify-hop-by-hop',
  'forwarded-hop-by-hop',
  'forwarded-trailer',
  'forwarded-trailer-beside',
  'forwarded-through-same-name',
  'forwarded-through-without-certificate',
  'forwarded-through-other-case',
  'forwarded-through-underscores',
  'forwarded-through-dots',
  'forwarded-through-blank',
  'forwarded-through-doubled',
  'forwarded-through-connection',
  'forwarded-through-connection-alone',
  'forwarded-through-trailer',
  'forwarded-through-obsolete-fold',
  'forwarded-through-other-vendor',
  'forwarded-through-http2',
  'forwarded-through-http2-underscores',
];

/** Of the tier `app`: the endpoint is the one that it is taken for. */
const identityControls: readonly ControlId[] = ['ASVS-v5.0.0-12.3.5'];

interface IdRule {
  readonly ids: readonly ScenarioId[];
  /** Where the same id means another thing in the other role. */
  readonly role?: Side;
  readonly controls: readonly ControlId[];
}

/** No client gets in without the key of a certificate that is trusted. */
const possession: readonly ControlId[] = ['ASVS-v5.0.0-10.3.5', 'ASVS-v5.0.0-10.4.14', 'ASVS-v5.0.0-12.3.5', 'SP800-52r2-3.5'];

/** Handshakes without a proof of the key, or with one that is not of this key and this handshake. */
const unprovenFlights: readonly ScenarioId[] = [
  'client-certificate-verify-left-out',
  'client-certificate-left-out',
  'client-authentication-left-out',
  'client-scheme-of-another-key',
  'client-signature-server-context',
  'client-signature-over-empty-transcript',
  'client-signature-by-another-key',
  'client-signature-ecdsa-zero',
  'client-signature-empty',
  'client-certificate-verify-empty',
  'client-finished-empty',
  'client-finished-of-server',
];

/** By the id, in addition. */
const idRules: readonly IdRule[] = [
  {
    ids: ['no-client-certificate', 'empty-certificate-list-then-data', 'wrong-certificate-verify', 'wrong-finished'],
    controls: [...possession, 'ASVS-v5.0.0-12.1.3'],
  },
  { ids: unprovenFlights, controls: [...possession, 'ASVS-v5.0.0-12.1.3'] },
  { ids: ['key-mismatch', 'key-mismatch-type'], role: 'client', controls: possession },
  { ids: forgedHeaders, controls: ['ASVS-v5.0.0-4.1.3'] },
  {
    ids: [
      'forwarded-smuggled-length-then-chunks',
      'forwarded-smuggled-chunks-then-length',
      'forwarded-smuggled-two-lengths',
      'forwarded-through-smuggled',
    ],
    controls: ['ASVS-v5.0.0-4.2.1'],
  },
  {
    ids: [
      'sni-unknown-without-certificate',
      'sni-absent-without-certificate',
      'sni-uppercase-without-certificate',
      'sni-trailing-dot-without-certificate',
      'client-hello-in-two-records-without-certificate',
      'client-hello-split-in-header-without-certificate',
      'after-reload-without-certificate',
    ],
    controls: [...possession, 'ASVS-v5.0.0-12.1.3'],
  },
  {
    ids: [
      'host-ca-of-another-host',
      'after-reload-old-anchor',
      'ca-garbage-at-start',
      'client-raw-public-key-unasked',
      'client-raw-public-key-not-selected',
    ],
    controls: ['ASVS-v5.0.0-12.1.3', 'ASVS-v5.0.0-12.3.4', 'SP800-52r2-3.5.2'],
  },
  { ids: ['after-reload-revoked', 'crl-unusable-configured'], controls: ['ASVS-v5.0.0-12.1.4', 'SP800-52r2-3.2.2', 'RFC9325-7.5'] },
  {
    ids: ['client-reuses-session-for-other-name', 'client-reuses-session-after-trust-change'],
    controls: ['ASVS-v5.0.0-12.3.2', 'RFC9325-3.4'],
  },
  { ids: ['wrong-certificate-verify-client', 'wrong-finished-client'], controls: ['ASVS-v5.0.0-12.3.2', 'SP800-52r2-4.5'] },
  {
    // The server has not proved that it holds the key of a certificate.
    ids: [
      'server-certificate-empty',
      'server-certificate-left-out',
      'server-finished-alone',
      'server-certificate-verify-left-out',
      'server-certificate-verify-truncated',
      'server-certificate-verify-empty-signature',
      'server-certificate-verify-other-transcript',
      'server-certificate-verify-other-key-type',
      'server-key-exchange-left-out',
      'server-key-exchange-unsigned',
      'server-key-exchange-signature-truncated',
      'server-key-exchange-other-randoms',
    ],
    controls: ['ASVS-v5.0.0-12.3.2', 'SP800-52r2-4.5'],
  },
  { ids: ['presents-its-certificate'], controls: ['ASVS-v5.0.0-12.3.5'] },
  {
    ids: ['resumption-without-certificate', 'resumed-session-of-tls13-in-tls12', 'second-hello-of-tls12-with-session'],
    controls: [...possession, 'ASVS-v5.0.0-12.1.3', 'RFC9325-3.4'],
  },
  {
    ids: ['resumption-after-revocation'],
    controls: ['ASVS-v5.0.0-12.1.3', 'ASVS-v5.0.0-12.1.4', 'SP800-52r2-3.2.2', 'RFC9325-3.4', 'RFC9325-7.5'],
  },
  { ids: ['resumption-after-anchor-rotation'], controls: ['ASVS-v5.0.0-12.1.3', 'ASVS-v5.0.0-12.3.4', 'SP800-52r2-3.5.2', 'RFC9325-3.4'] },
  {
    ids: ['resumption-across-trust-contexts', 'resumption-across-sni'],
    controls: ['ASVS-v5.0.0-12.1.3', 'ASVS-v5.0.0-12.3.4', 'RFC9325-3.4'],
  },
  { ids: ['resumption-after-expiry'], controls: ['ASVS-v5.0.0-12.1.3', 'RFC9325-3.4'] },
  {
    ids: ['tls10-only', 'tls11-only', 'sslv2-hello', 'tls12-only-client', 'tls13-only-client'],
    controls: ['SP800-52r2-3.1', 'RFC9325-3.1.1'],
  },
  { ids: ['downgrade-to-tls12-marker'], controls: ['RFC9325-3.1.3'] },
  { ids: ['plaintext-http-to-tls', 'server-plaintext', 'server-plaintext-banner', 'retry-in-plaintext'], controls: ['RFC9325-3.2'] },
  { ids: ['sni-unknown', 'sni-unknown-without-certificate'], controls: ['RFC9325-3.7'] },
  { ids: ['alpn-mismatch'], controls: ['RFC9325-3.8'] },
  { ids: ['no-shared-cipher'], controls: ['SP800-52r2-3.3.1', 'RFC9325-4.1'] },
  { ids: ['no-shared-cipher-client'], controls: ['RFC9325-4.1'] },
  {
    ids: [
      'leaf-rsa512',
      'leaf-rsa1024',
      'intermediate-rsa1024',
      'root-rsa1024',
      'leaf-ec-p192',
      'leaf-ecdsa-sha1',
      'leaf-rsa-sha1',
      'leaf-rsa-md5',
      'intermediate-sha1',
      'leaf-rsa-pss-key-sha1-params',
    ],
    controls: ['RFC9325-4.5'],
  },
];
