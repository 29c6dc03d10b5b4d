import { generateKey } from '../../../../pki/key-algorithm.ts';
import { encodeName } from '../../../../x509/names/distinguished-name.ts';
import { extendedKeyUsage } from '../../../../x509/extensions.ts';
import { type CertificateDraft, issuerFacts } from '../../../drafts/certificate-draft.ts';
import type { CredentialDraft } from '../../../drafts/credential-draft.ts';
import { all, leaf, unchanged } from '../../changes.ts';
import { type CredentialTable, type Change, rejected } from '../../credential-definition.ts';
import { ownIssuer, rootSent } from './hierarchy.ts';
import { keyLike, rsaKey } from '../keys/shared-keys.ts';

/** Valid credentials of several kinds, and those that nobody trusted has issued. */
export const trustCredentials: CredentialTable = () => [
  {
    id: 'valid',
    title: 'a valid credential',
    group: 'trust',
    reference: 'RFC 5280 6.1',
    differs: 'nothing: the leaf, issued by the issuing CA of the PKI, is sent with the chain up to below the root',
    tier: 'control',
    fault: unchanged,
  },
  {
    id: 'valid-direct',
    title: 'a leaf issued by the trust anchor',
    group: 'trust',
    reference: 'RFC 5280 6.1',
    differs: 'there is no CA between the leaf and the root',
    tier: 'control',
    fault: issuedByRoot,
  },
  {
    id: 'valid-rsa2048',
    title: 'a leaf with an RSA key',
    group: 'trust',
    reference: 'RFC 5280 4.1.2.7; RFC 8446 4.2.3',
    differs: 'the key of the leaf is RSA of 2048 bits',
    tier: 'control',
    fault: leaf((it) => {
      it.key = rsaKey(2048);
    }),
  },
  {
    id: 'valid-ed25519',
    title: 'a leaf with an Ed25519 key',
    group: 'trust',
    reference: 'RFC 8410; RFC 8446 4.2.3',
    differs: 'the key of the leaf is Ed25519',
    tier: 'control',
    fault: leaf((it) => {
      it.key = generateKey('ed25519');
    }),
  },
  {
    id: 'valid-both-eku',
    title: 'a leaf for clients and servers',
    group: 'trust',
    reference: 'RFC 5280 4.2.1.12; X509-SVID 4.4',
    differs: 'extendedKeyUsage of the leaf has clientAuth and serverAuth',
    tier: 'control',
    fault: leaf((it) => {
      it.extend(extendedKeyUsage(['clientAuth', 'serverAuth']));
    }),
  },
  {
    id: 'unknown-ca',
    title: 'a chain that leads to an unknown root',
    group: 'trust',
    reference: 'RFC 5280 6.1; RFC 8446 4.4.2.4',
    differs: 'the issuing CA is issued by a root that is not trusted, and not sent',
    tier: 'core',
    expected: rejected('UNABLE_TO_GET_ISSUER_CERT_LOCALLY'),
    valid: ownIssuer,
    fault: ofStranger,
  },
  {
    id: 'unknown-ca-root-in-chain',
    title: 'a chain that leads to an unknown root and includes it',
    group: 'trust',
    reference: 'RFC 5280 6.1',
    differs: 'the issuing CA is issued by a root that is not trusted, and sent',
    tier: 'core',
    expected: rejected('SELF_SIGNED_CERT_IN_CHAIN'),
    valid: all(ownIssuer, rootSent),
    fault: ofStranger,
  },
  {
    id: 'unknown-ca-leaf-only',
    title: 'a leaf issued by an unknown root',
    group: 'trust',
    reference: 'RFC 5280 6.1',
    differs: 'the leaf, sent alone, is issued by a root that is not trusted',
    tier: 'core',
    expected: rejected('UNABLE_TO_VERIFY_LEAF_SIGNATURE'),
    valid: issuedByRoot,
    fault: (draft) => {
      draft.leaf.issuedBy = stranger(draft);
    },
  },
  {
    id: 'self-signed-leaf',
    title: 'a self-signed leaf',
    group: 'trust',
    reference: 'RFC 5280 6.1',
    differs: 'the leaf is issued by itself, and it is not trusted',
    tier: 'core',
    expected: rejected('DEPTH_ZERO_SELF_SIGNED_CERT'),
    fault: leaf((it) => {
      it.issuedBy = undefined;
    }),
  },
  {
    id: 'impostor-ca-same-dn',
    title: 'a leaf issued by an impostor of the root',
    group: 'trust',
    reference: 'RFC 5280 4.1.2.4, 6.1.3(a)(1)',
    differs: 'the issuer has the name of the trusted root and another key, also in the authorityKeyIdentifier',
    tier: 'core',
    expected: rejected('UNABLE_TO_VERIFY_LEAF_SIGNATURE'),
    valid: issuedByRoot,
    fault: issuedByImpostor(unchanged),
  },
  {
    id: 'impostor-ca-same-dn-in-chain',
    title: 'a leaf issued by an impostor of the root, who is sent too',
    group: 'trust',
    reference: 'RFC 5280 6.1',
    differs: 'the issuer, sent with the leaf, has the name of the trusted root and another key',
    tier: 'core',
    expected: rejected('SELF_SIGNED_CERT_IN_CHAIN'),
    valid: all(issuedByRoot, rootSent),
    fault: issuedByImpostor(unchanged),
  },
  {
    id: 'impostor-ca-same-dn-same-kid',
    title: 'a leaf issued by an impostor of the root with its key identifier',
    group: 'trust',
    reference: 'RFC 5280 4.2.1.1, 4.2.1.2',
    differs: 'the issuer has the name and the subjectKeyIdentifier of the trusted root and another key',
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
    reference: 'RFC 5280 4.2.1.1',
    differs: 'the issuer has the name of the trusted root and another key; the leaf says nothing of keys',
    tier: 'core',
    expected: rejected('CERT_SIGNATURE_FAILURE'),
    valid: all(
      issuedByRoot,
      leaf((it) => {
        it.authorityKeyIdentifier = null;
        it.subjectKeyIdentifier = null;
      }),
    ),
    fault: issuedByImpostor(unchanged),
  },
  {
    id: 'issuer-dn-mismatch',
    title: 'a leaf whose issuer is called otherwise',
    group: 'trust',
    reference: 'RFC 5280 6.1.3(a)(4)',
    differs: 'the leaf is signed with the key of its CA and names an issuer that nobody is called',
    tier: 'core',
    expected: rejected('UNABLE_TO_VERIFY_LEAF_SIGNATURE'),
    fault: leaf((it) => {
      it.issuer = encodeName('nobody');
    }),
  },
];

function issuedByRoot({ leaf: it, pki }: CredentialDraft): void {
  it.issuedBy = pki.root;
}

function ofStranger(draft: CredentialDraft): void {
  draft.intermediate.issuedBy = stranger(draft);
}

/** A root that nobody trusts. */
function stranger(draft: CredentialDraft): CertificateDraft {
  return draft.authority('stranger CA', undefined);
}

/** A root of the trusted one's name, with another key of its kind. */
function issuedByImpostor(edit: (impostor: CertificateDraft, draft: CredentialDraft) => void): Change {
  return (draft) => {
    const impostor = stranger(draft);
    const genuine = issuerFacts(draft.pki.root);
    impostor.subject = genuine.subject;
    impostor.key = keyLike(genuine.key);
    edit(impostor, draft);
    draft.leaf.issuedBy = impostor;
  };
}
