import { decodePem } from '../../../../asn1/pem.ts';
import { subjectAltName } from '../../../../x509/extensions.ts';
import type { CertificateDraft } from '../../../drafts/certificate-draft.ts';
import type { CredentialDraft } from '../../../drafts/credential-draft.ts';
import { all } from '../../changes.ts';
import type { CredentialTable } from '../../credential-definition.ts';
import { uri } from './names.ts';
import { spiffeId, workload } from './spiffe-ids.ts';

/** Workloads of a trust domain with which the one of the judge is federated: the trust store has the anchors of both. */
export const spiffeFederationCredentials: CredentialTable = () => [
  {
    id: 'spiffe-federated-other-domains-ca',
    title: 'the expected SPIFFE id, issued by the CA of another trust domain',
    group: 'names',
    differs:
      'the leaf is issued by the root of the trust domain other.test, which the trust store has too; its SPIFFE id is the expected one, of example.test',
    references: [
      { document: 'X509-SVID', section: '5.2', note: 'the signing authority was authorized to issue it' },
      { document: 'SPIFFE Federation', section: '4.2', note: 'bundles of several trust domains must not be merged' },
    ],
    cwes: ['CWE-863', 'CWE-296'],
    severity: 'high',
    tier: 'app',
    impersonates: { federatedSpiffeId: workload },
    valid: all(spiffeId(workload), (draft) => {
      federated(draft, otherDomain(draft));
    }),
    fault: (draft) => {
      const root = otherDomain(draft);
      draft.leaf.issuedBy = root;
      federated(draft, root);
    },
  },
];

/** The trust store has this root beside the anchors of the PKI. */
function federated(draft: CredentialDraft, root: CertificateDraft): void {
  const { pki } = draft;
  draft.anchors = () => [...decodePem(pki.anchors).map(({ der }) => der), root.certificate];
}

/** The root of another trust domain, which it names (X509-SVID 3.2). */
function otherDomain(draft: CredentialDraft): CertificateDraft {
  const root = draft.authority('of another trust domain', undefined);
  root.extend(subjectAltName([uri('spiffe://other.test')], false));
  return root;
}
