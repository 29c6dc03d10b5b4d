import { generateKey } from '../../../../pki/key-algorithm.ts';
import { encodeName } from '../../../../x509/names/distinguished-name.ts';
import { extendedKeyUsage } from '../../../../x509/extensions.ts';
import { issuerFacts } from '../../../drafts/certificate-draft.ts';
import type { CredentialDraft } from '../../../drafts/credential-draft.ts';
import { all, type CertificateEdit, changeCertificate, leaf, unchanged } from '../../changes.ts';
import { type CredentialTable, type Change, rejected } from '../../credential-definition.ts';
import { issuedByRoot, ownIssuer, rootSent, untrustedRoot } from './hierarchy.ts';
import { keyLike, rsaKey } from '../keys/shared-keys.ts';

/** Valid credentials of several kinds, and those of untrusted issuers. */
export const trustCredentials: CredentialTable = () => [
  {
    id: 'valid',
    title: 'a valid credential',
    group: 'trust',
    differs: 'nothing: the leaf, issued by the issuing CA of the PKI, is sent with the chain up to below the root',
    references: [{ rfc: 5280, section: '6.1' }],
    tier: 'control',
    fault: unchanged,
  },
  {
    id: 'valid-direct',
    title: 'a leaf issued by the trust anchor',
    group: 'trust',
    differs: 'there is no CA between the leaf and the root',
    references: [{ rfc: 5280, section: '6.1' }],
    tier: 'control',
    fault: issuedByRoot,
  },
  {
    id: 'valid-rsa2048',
    title: 'a leaf with an RSA key',
    group: 'trust',
    differs: 'the key of the leaf is RSA of 2048 bits',
    references: [
      { rfc: 5280, section: '4.1.2.7' },
      { rfc: 8446, section: '4.2.3' },
    ],
    tier: 'control',
    fault: leaf({ key: () => rsaKey(2048) }),
  },
  {
    id: 'valid-ed25519',
    title: 'a leaf with an Ed25519 key',
    group: 'trust',
    differs: 'the key of the leaf is Ed25519',
    references: [{ rfc: 8410 }, { rfc: 8446, section: '4.2.3' }],
    tier: 'control',
    fault: leaf({ key: () => generateKey('ed25519') }),
  },
  {
    id: 'valid-both-eku',
    title: 'a leaf for clients and servers',
    group: 'trust',
    differs: 'extendedKeyUsage of the leaf has clientAuth and serverAuth',
    references: [
      { rfc: 5280, section: '4.2.1.12' },
      { document: 'X509-SVID', section: '4.4' },
    ],
    tier: 'control',
    fault: leaf({ extend: [extendedKeyUsage(['clientAuth', 'serverAuth'])] }),
  },
  {
    id: 'unknown-ca',
    title: 'a chain that leads to an unknown root',
    group: 'trust',
    differs: 'the issuing CA is issued by a root that is not trusted, and not sent',
    references: [
      { rfc: 5280, section: '6.1' },
      { rfc: 8446, section: '4.4.2.4' },
    ],
    cves: ['CVE-2026-11310'],
    cwes: ['CWE-296'],
    severity: 'critical',
    tier: 'core',
    expected: rejected('UNABLE_TO_GET_ISSUER_CERT_LOCALLY'),
    valid: ownIssuer,
    fault: ofUntrustedRoot,
  },
  {
    id: 'unknown-ca-root-in-chain',
    title: 'a chain that leads to an unknown root and includes it',
    group: 'trust',
    differs: 'the issuing CA is issued by a root that is not trusted, and sent',
    references: [{ rfc: 5280, section: '6.1' }],
    cwes: ['CWE-296'],
    severity: 'critical',
    tier: 'core',
    expected: rejected('SELF_SIGNED_CERT_IN_CHAIN'),
    valid: all(ownIssuer, rootSent),
    fault: ofUntrustedRoot,
  },
  {
    id: 'unknown-ca-leaf-only',
    title: 'a leaf issued by an unknown root',
    group: 'trust',
    differs: 'the leaf, sent alone, is issued by a root that is not trusted',
    references: [{ rfc: 5280, section: '6.1' }],
    cwes: ['CWE-296'],
    severity: 'critical',
    tier: 'core',
    expected: rejected('UNABLE_TO_VERIFY_LEAF_SIGNATURE'),
    valid: issuedByRoot,
    fault: (draft) => {
      draft.leaf.issuedBy = untrustedRoot(draft);
    },
  },
  {
    id: 'self-signed-leaf',
    title: 'a self-signed leaf',
    group: 'trust',
    differs: 'the leaf is issued by itself, and it is not trusted',
    references: [{ rfc: 5280, section: '6.1' }],
    cves: ['CVE-2025-54424', 'CVE-2026-4370'],
    cwes: ['CWE-296'],
    severity: 'critical',
    tier: 'core',
    expected: rejected('DEPTH_ZERO_SELF_SIGNED_CERT'),
    fault: leaf({ issuedBy: undefined }),
  },
  {
    id: 'impostor-ca-same-dn',
    title: 'a leaf issued by an impostor of the root',
    group: 'trust',
    differs: 'the issuer has the name of the trusted root and another key, also in the authorityKeyIdentifier',
    references: [
      { rfc: 5280, section: '4.1.2.4' },
      { rfc: 5280, section: '6.1.3(a)(1)' },
    ],
    cwes: ['CWE-296'],
    severity: 'critical',
    tier: 'core',
    expected: rejected('UNABLE_TO_VERIFY_LEAF_SIGNATURE'),
    valid: issuedByRoot,
    fault: issuedByImpostor({}),
  },
  {
    id: 'impostor-ca-same-dn-in-chain',
    title: 'a leaf issued by an impostor of the root, which is sent too',
    group: 'trust',
    differs: 'the issuer, sent with the leaf, has the name of the trusted root and another key',
    references: [{ rfc: 5280, section: '6.1' }],
    cwes: ['CWE-296'],
    severity: 'critical',
    tier: 'core',
    expected: rejected('SELF_SIGNED_CERT_IN_CHAIN'),
    valid: all(issuedByRoot, rootSent),
    fault: issuedByImpostor({}),
  },
  {
    id: 'impostor-ca-same-dn-same-kid',
    title: 'a leaf issued by an impostor of the root with its key identifier',
    group: 'trust',
    differs: 'the issuer has the name and the subjectKeyIdentifier of the trusted root and another key',
    references: [
      { rfc: 5280, section: '4.2.1.1' },
      { rfc: 5280, section: '4.2.1.2' },
    ],
    cwes: ['CWE-296', 'CWE-347'],
    severity: 'critical',
    tier: 'core',
    expected: rejected('CERT_SIGNATURE_FAILURE'),
    valid: issuedByRoot,
    fault: issuedByImpostor((impostor, { pki }) => {
      impostor.subjectKeyIdentifier = issuerFacts(pki.root).identifier;
    }),
  },
  {
    id: 'impostor-ca-same-dn-no-aki',
    title: 'a leaf issued by an impostor of the root, without key identifiers',
    group: 'trust',
    differs: 'the issuer has the name of the trusted root and another key; the leaf has no key identifiers',
    references: [{ rfc: 5280, section: '4.2.1.1' }],
    cwes: ['CWE-296', 'CWE-347'],
    severity: 'critical',
    tier: 'core',
    expected: rejected('CERT_SIGNATURE_FAILURE'),
    valid: all(issuedByRoot, leaf({ authorityKeyIdentifier: null, subjectKeyIdentifier: null })),
    fault: issuedByImpostor({}),
  },
  {
    id: 'issuer-dn-mismatch',
    title: 'a leaf whose issuer has another name',
    group: 'trust',
    differs: 'the leaf is signed with the key of its CA and names an issuer that does not exist',
    references: [{ rfc: 5280, section: '6.1.3(a)(4)' }],
    cwes: ['CWE-296'],
    severity: 'medium',
    tier: 'core',
    expected: rejected('UNABLE_TO_VERIFY_LEAF_SIGNATURE'),
    fault: leaf({ issuer: encodeName('unknown issuer') }),
  },
];

function ofUntrustedRoot(draft: CredentialDraft): void {
  draft.intermediate.issuedBy = untrustedRoot(draft);
}

/** A root with the name of the trusted one, and another key of its kind. */
function issuedByImpostor(edit: CertificateEdit): Change {
  return (draft) => {
    const impostor = untrustedRoot(draft);
    const trusted = issuerFacts(draft.pki.root);
    impostor.subject = trusted.subject;
    impostor.key = keyLike(trusted.key);
    changeCertificate(impostor, edit, draft);
    draft.leaf.issuedBy = impostor;
  };
}
