import { day, fromNow, type CredentialDraft } from '../../../drafts/credential-draft.ts';
import { all, leaf } from '../../changes.ts';
import { type CredentialTable, type Change, rejected } from '../../credential-definition.ts';
import { forStacks } from '../../divergences.ts';
import { anotherOf, leafSent, ownAnchor, ownIssuer } from './hierarchy.ts';

/** The trust anchors of the side that verifies. */
export const anchorsCredentials: CredentialTable = () => [
  {
    id: 'intermediate-as-anchor',
    title: 'trust in the issuing CA alone',
    group: 'trust',
    differs: 'the trust store has the issuing CA, which is not self-signed, and not the root; the leaf is sent alone',
    references: [{ rfc: 5280, section: '6.1.1(d)' }],
    tier: 'varies',
    expected: rejected('UNABLE_TO_GET_ISSUER_CERT'),
    client: { divergences: { gnutls: 'accepted', go: 'accepted', java: 'accepted' } },
    server: { divergences: forStacks(['gnutls', 'go', 'java', 'deno', 'curl'], 'accepted') },
    valid: all(
      ownIssuer,
      leafSent,
      trusted(({ intermediate, pki }) => [intermediate.certificate, pki.root.certificate.raw]),
    ),
    fault: trusted(({ intermediate }) => [intermediate.certificate]),
  },
  {
    id: 'intermediate-as-anchor-sent',
    title: 'trust in the issuing CA alone, which is sent too',
    group: 'trust',
    differs: 'the trust store has the issuing CA, which is not self-signed, and not the root; leaf and issuing CA are sent',
    references: [{ rfc: 5280, section: '6.1.1(d)' }],
    tier: 'varies',
    expected: rejected('UNABLE_TO_GET_ISSUER_CERT'),
    client: { divergences: { gnutls: 'accepted', go: 'accepted', java: 'accepted' } },
    server: { divergences: forStacks(['gnutls', 'go', 'java', 'deno', 'curl'], 'accepted') },
    valid: all(
      ownIssuer,
      trusted(({ intermediate, pki }) => [intermediate.certificate, pki.root.certificate.raw]),
    ),
    fault: trusted(({ intermediate }) => [intermediate.certificate]),
  },
  {
    id: 'leaf-as-anchor',
    title: 'trust in the leaf alone',
    group: 'trust',
    differs: 'the trust store has the leaf itself, and not the CAs above it; the leaf is sent alone',
    references: [{ rfc: 5280, section: '6.1.1(d)' }],
    tier: 'varies',
    expected: rejected('UNABLE_TO_VERIFY_LEAF_SIGNATURE'),
    client: { divergences: { gnutls: 'accepted', go: 'accepted', java: 'accepted' } },
    server: { divergences: forStacks(['gnutls', 'go', 'java', 'curl'], 'accepted') },
    valid: all(
      ownIssuer,
      leafSent,
      trusted(({ leaf: it, intermediate, pki }) => [it.certificate, intermediate.certificate, pki.root.certificate.raw]),
    ),
    fault: trusted(({ leaf: it }) => [it.certificate]),
  },
  {
    id: 'self-signed-leaf-as-anchor',
    title: 'trust in a self-signed leaf',
    group: 'trust',
    differs: 'the leaf is issued by itself, and is all that the trust store has',
    references: [{ rfc: 5280, section: '6.1' }],
    tier: 'varies',
    fault: all(
      leaf({ issuedBy: undefined }),
      trusted(({ leaf: it }) => [it.certificate]),
    ),
  },
  {
    id: 'anchors-same-dn-two-keys',
    title: 'an old and a new root of one name',
    group: 'trust',
    differs: 'a root of the same name with another key, without subjectKeyIdentifier, comes first in the trust store',
    references: [
      { rfc: 5280, section: '6.1.1(d)' },
      { rfc: 5280, section: '4.2.1.2' },
    ],
    tier: 'control',
    client: { divergences: { node: { reason: 'CERT_SIGNATURE_FAILURE' }, openssl: 'rejected', 'openssl-strict': 'rejected' } },
    server: {
      divergences: { node: { reason: 'CERT_SIGNATURE_FAILURE' }, ...forStacks(['openssl', 'openssl-strict', 'curl'], 'rejected') },
    },
    valid: ownAnchor,
    fault: trusted((draft) => {
      const old = draft.authority('', undefined);
      old.subject = draft.root.subject;
      old.subjectKeyIdentifier = null;
      old.authorityKeyIdentifier = null;
      return [old.certificate, draft.root.certificate];
    }),
  },
  {
    id: 'anchors-expired-and-renewed-root',
    title: 'an expired and a renewed root',
    group: 'trust',
    differs: 'an expired certificate of the root, for the same name and key, comes first in the trust store',
    references: [{ rfc: 5280, section: '6.1.1(d)' }],
    tier: 'control',
    valid: ownAnchor,
    fault: trusted((draft) => {
      const expired = anotherOf(draft, draft.root, undefined);
      expired.validity = { notBefore: fromNow(-2 * day), notAfter: fromNow(-day) };
      return [expired.certificate, draft.root.certificate];
    }),
  },
];

/** The trust store has these certificates. */
function trusted(anchors: (draft: CredentialDraft) => readonly Uint8Array[]): Change {
  return (draft) => {
    draft.anchors = () => anchors(draft);
  };
}
