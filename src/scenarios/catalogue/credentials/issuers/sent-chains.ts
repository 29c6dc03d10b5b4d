import { type CredentialDraft, day, fromNow } from '../../../drafts/credential-draft.ts';
import { all, onTheWire } from '../../changes.ts';
import { type CredentialTable, rejected } from '../../credential-definition.ts';
import { forStacks } from '../../divergences.ts';
import { anotherOf, leafSent, ownIssuer, rootSent, sent, upper, upperCa } from './hierarchy.ts';

/** Which certificates are sent, and in which order. */
export const sentChainsCredentials: CredentialTable = () => [
  {
    id: 'root-included-in-chain',
    title: 'a chain that includes the root',
    group: 'trust',
    differs: 'the trusted root is sent too, at the end',
    references: [{ rfc: 8446, section: '4.4.2' }],
    tier: 'control',
    fault: rootSent,
  },
  {
    id: 'missing-intermediate',
    title: 'a chain without the issuing CA',
    group: 'trust',
    differs: 'the leaf is sent alone, although a CA between it and the root has issued it',
    references: [{ rfc: 8446, section: '4.4.2' }],
    severity: 'low',
    tier: 'core',
    expected: rejected('UNABLE_TO_VERIFY_LEAF_SIGNATURE'),
    valid: upperCa,
    fault: leafSent,
  },
  {
    id: 'missing-middle-intermediate',
    title: 'a chain with a gap',
    group: 'trust',
    differs: 'of the two CAs between leaf and root the upper one is not sent',
    references: [{ rfc: 8446, section: '4.4.2' }],
    severity: 'low',
    tier: 'core',
    expected: rejected('UNABLE_TO_GET_ISSUER_CERT_LOCALLY'),
    valid: upperCa,
    fault: sent(({ leaf, issuers }) => [leaf, ...issuers.slice(0, 1)]),
  },
  {
    id: 'chain-out-of-order',
    title: 'a chain out of order',
    group: 'trust',
    differs: 'the leaf is sent first, and then the upper CA before the issuing CA',
    references: [
      { rfc: 8446, section: '4.4.2', note: 'should be tolerated' },
      { rfc: 5246, section: '7.4.2', note: 'must be in order' },
    ],
    tier: 'control',
    valid: upperCa,
    fault: sent(({ leaf, issuers }) => [leaf, ...issuers.toReversed()]),
  },
  {
    id: 'leaf-not-first',
    title: 'a chain whose first certificate is the CA',
    group: 'trust',
    differs: 'the issuing CA is sent before the leaf',
    references: [{ rfc: 8446, section: '4.4.2', note: 'the leaf must be first' }],
    severity: 'low',
    tier: 'core',
    expected: rejected('PROVIDER_SIGNATURE_FAILURE', 'decrypt_error'),
    valid: ownIssuer,
    fault: all(
      onTheWire,
      sent(({ leaf, issuers }) => [...issuers, leaf]),
    ),
  },
  {
    id: 'unrelated-cert-in-chain',
    title: 'a chain with an unrelated certificate',
    group: 'trust',
    differs: 'a CA that has issued nothing here is sent between the leaf and the issuing CA',
    references: [{ rfc: 8446, section: '4.4.2', note: 'should be tolerated' }],
    tier: 'control',
    valid: ownIssuer,
    fault: sent(({ leaf, issuers }, draft) => [leaf, draft.authority('unrelated CA', undefined).certificate, ...issuers]),
  },
  {
    id: 'duplicate-cert-in-chain',
    title: 'a chain with every certificate twice',
    group: 'trust',
    differs: 'each certificate is sent twice in a row',
    references: [{ rfc: 8446, section: '4.4.2' }],
    tier: 'control',
    valid: ownIssuer,
    fault: sent(({ leaf, issuers }) => [leaf, ...issuers].flatMap((certificate) => [certificate, certificate])),
  },
  {
    id: 'cross-signed-untrusted-branch-first',
    title: 'a cross-signed CA, the branch of an unknown root first',
    group: 'trust',
    differs: 'of the two certificates of the issuing CA, the one by a root that is not trusted is sent first',
    references: [
      { rfc: 8446, section: '4.4.2' },
      { rfc: 4158, section: '2.4.1' },
    ],
    tier: 'control',
    divergences: {
      node: { reason: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY' },
      ...forStacks(['openssl', 'openssl-strict', 'gnutls'], 'rejected'),
    },
    server: {
      divergences: {
        node: { reason: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY' },
        ...forStacks(['openssl', 'openssl-strict', 'gnutls', 'curl'], 'rejected'),
      },
    },
    valid: all(
      ownIssuer,
      sent(({ leaf, issuers }, draft) => [leaf, ...issuers, cross(draft)]),
    ),
    fault: sent(({ leaf, issuers }, draft) => [leaf, cross(draft), ...issuers]),
  },
  {
    id: 'cross-signed-untrusted-branch-only',
    title: 'a cross-signed CA, only the branch of an unknown root',
    group: 'trust',
    differs: 'of the two certificates of the issuing CA, only the one by a root that is not trusted is sent',
    references: [{ rfc: 5280, section: '6.1' }],
    cwes: ['CWE-296'],
    severity: 'critical',
    tier: 'core',
    expected: rejected('UNABLE_TO_GET_ISSUER_CERT_LOCALLY'),
    valid: all(
      ownIssuer,
      sent(({ leaf, issuers }, draft) => [leaf, ...issuers, cross(draft)]),
    ),
    fault: sent(({ leaf }, draft) => [leaf, cross(draft)]),
  },
  {
    id: 'cross-signed-expired-branch-first',
    title: 'a renewed CA, its expired certificate first',
    group: 'trust',
    differs: 'of the two certificates of the issuing CA, both by the trusted root, the expired one is sent first',
    references: [{ rfc: 4158, section: '3.5.4' }],
    tier: 'control',
    divergences: { gnutls: 'rejected' },
    valid: all(
      ownIssuer,
      sent(({ leaf, issuers }, draft) => [leaf, ...issuers, expired(draft)]),
    ),
    fault: sent(({ leaf, issuers }, draft) => [leaf, expired(draft), ...issuers]),
  },
  {
    id: 'issuer-cycle',
    title: 'two CAs that issue each other',
    group: 'trust',
    differs: 'the upper CA is sent with a certificate by the issuing CA, not with that by the root',
    references: [{ rfc: 5280, section: '6.1' }],
    cwes: ['CWE-296'],
    severity: 'critical',
    tier: 'core',
    expected: rejected('UNABLE_TO_GET_ISSUER_CERT_LOCALLY'),
    valid: upperCa,
    fault: upper((it, draft) => {
      sent(({ leaf, issuers }) => [leaf, ...issuers.slice(0, 1), anotherOf(draft, it, draft.intermediate).certificate])(draft);
    }),
  },
];

/** The issuing CA's certificate by a root that is not trusted. */
function cross(draft: CredentialDraft): Uint8Array {
  return anotherOf(draft, draft.intermediate, draft.authority('untrusted CA', undefined)).certificate;
}

/** The issuing CA's previous certificate, by the same root. */
function expired(draft: CredentialDraft): Uint8Array {
  const before = anotherOf(draft, draft.intermediate, draft.intermediate.issuedBy);
  before.validity = { notBefore: fromNow(-2 * day), notAfter: fromNow(-day) };
  return before.certificate;
}
