import { readDer } from '../../../../asn1/der-reader.ts';
import { decodePem } from '../../../../asn1/pem.ts';
import { encodeName } from '../../../../x509/names/distinguished-name.ts';
import { signerFor } from '../../../../x509/signature.ts';
import { CertificateDraft, issuerFacts } from '../../../drafts/certificate-draft.ts';
import type { CredentialDraft } from '../../../drafts/credential-draft.ts';
import { all } from '../../changes.ts';
import { type CredentialTable, rejected } from '../../credential-definition.ts';
import { keyLike } from '../keys/shared-keys.ts';
import { issuedByRoot, rootSent } from './hierarchy.ts';

/** Certificates that are the same as one that the trust store has, in all but the key or the name. */
export const pinnedCredentials: CredentialTable = () => [
  {
    id: 'pinned-leaf-same-serial-and-aki',
    title: 'a copy of a trusted leaf with another key',
    group: 'trust',
    differs:
      'the leaf has all fields of one that the trust store has besides its CA, with the serial number and both key identifiers, but another key; its CA has not signed it',
    references: [
      { rfc: 5280, section: '6.1.3(a)(1)' },
      { rfc: 5280, section: '4.1.2.2', note: 'a serial number is unique among what one CA issues' },
    ],
    cves: ['CVE-2024-2048'],
    cwes: ['CWE-295', 'CWE-347'],
    severity: 'critical',
    role: 'client',
    tier: 'core',
    expected: rejected('CERT_SIGNATURE_FAILURE'),
    valid: pinned,
    fault: (draft) => {
      const { leaf } = draft;
      const original = copyOf(leaf);
      leaf.subjectKeyIdentifier = original.identifier;
      trusts(draft, original);
      signedByPresenter(draft);
    },
  },
  {
    id: 'pinned-leaf-same-key-other-cn',
    title: 'a copy of a trusted leaf with another name',
    group: 'trust',
    differs:
      'the leaf has the key and all fields of one that the trust store has besides its CA, but the common name mallory; its CA has not signed it',
    references: [{ rfc: 5280, section: '6.1.3(a)(1)' }],
    cves: ['CVE-2025-6037'],
    cwes: ['CWE-295'],
    severity: 'high',
    role: 'client',
    tier: 'core',
    expected: rejected('CERT_SIGNATURE_FAILURE'),
    valid: pinned,
    fault: (draft) => {
      const { leaf } = draft;
      const original = copyOf(leaf);
      original.key = leaf.key;
      leaf.subject = encodeName('mallory');
      trusts(draft, original);
      signedByPresenter(draft);
    },
  },
  {
    id: 'anchor-clone-other-key',
    title: 'a leaf issued by a copy of the root with another key',
    group: 'trust',
    differs:
      'the issuer, sent with the leaf, has all fields of the trusted root, with the serial number, dates and key identifiers, but another key',
    references: [
      { rfc: 5280, section: '6.1.1(d)' },
      { rfc: 5280, section: '6.1.3(a)(1)' },
    ],
    cves: ['CVE-2026-93302'],
    cwes: ['CWE-296', 'CWE-347'],
    severity: 'critical',
    tier: 'core',
    expected: rejected('CERT_SIGNATURE_FAILURE'),
    valid: all(issuedByRoot, rootSent),
    fault: (draft) => {
      draft.leaf.issuedBy = cloneOfRoot(draft);
    },
  },
];

/** The trust store has the leaf itself, before the anchors of the PKI. */
function pinned(draft: CredentialDraft): void {
  trusts(draft, draft.leaf);
}

function trusts(draft: CredentialDraft, leaf: CertificateDraft): void {
  const { pki } = draft;
  draft.anchors = () => [leaf.certificate, ...decodePem(pki.anchors).map(({ der }) => der)];
}

/** The certificate that the CA of a leaf has signed, for the same fields and a key of its own. */
function copyOf({ subject, validity, extensions, serialNumber, issuedBy }: CertificateDraft): CertificateDraft {
  const copy = new CertificateDraft({ subject, validity, extensions, ...(issuedBy && { issuedBy }) });
  copy.serialNumber = serialNumber;
  return copy;
}

/** The leaf names its CA, which has not signed it. The key that has is of the same kind: OpenSSL takes no CA of another kind for the issuer, whatever the signature. */
function signedByPresenter({ leaf }: CredentialDraft): void {
  leaf.signer = (issuerKey) => signerFor(keyLike(issuerKey));
}

/** A root that is the PKI's in every field but the key, and signs itself with that. */
function cloneOfRoot(draft: CredentialDraft): CertificateDraft {
  const { root } = draft.pki;
  const { subject, key, identifier } = issuerFacts(root);
  const clone = draft.authority('', undefined);
  clone.subject = subject;
  clone.key = keyLike(key);
  clone.subjectKeyIdentifier = identifier;
  const [tbs] = readDer(root.certificate.raw, 'certificate').children;
  const [, serialNumber, , , validity] = tbs?.children ?? []; // of a PKI, so version 3
  const extensions = tbs?.children.find(({ tag }) => tag === 0xa3);
  if (!serialNumber || !validity || !extensions) throw readDer(root.certificate.raw, 'certificate').problem('a field is missing');
  clone.fields = () => ({ serialNumber: serialNumber.bytes, validity: validity.bytes, extensions: extensions.bytes });
  return clone;
}
