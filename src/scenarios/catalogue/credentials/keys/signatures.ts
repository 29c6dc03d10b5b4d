import { integer, objectIdentifier, sequence } from '../../../../asn1/der-writer.ts';
import { encodeSpki } from '../../../../pki/formats/key-encoding.ts';
import { rsaPssSigner, signerFor } from '../../../../x509/signature.ts';
import type { CredentialDraft } from '../../../drafts/credential-draft.ts';
import { all, intermediate, leaf, root } from '../../changes.ts';
import { ownAnchor, ownIssuer, upperCa } from '../issuers/hierarchy.ts';
import { atSecurityLevel0, rsaIssuer } from './weak-keys.ts';
import { flipLastBit, signsWith, withOtherSubject } from './odd-signatures.ts';
import { rsaPssSha1Key } from './shared-keys.ts';
import { type CredentialTable, rejected } from '../../credential-definition.ts';

/** How certificates are signed. */
export const signaturesCredentials: CredentialTable = () => [
  {
    id: 'corrupted-signature',
    title: 'a corrupted signature',
    group: 'crypto',
    reference: 'RFC 5280 6.1.3(a)(1)',
    differs: 'the last bit of the signature is flipped',
    tier: 'core',
    expected: rejected('CERT_SIGNATURE_FAILURE'),
    valid: ownIssuer,
    fault: leaf((it) => {
      it.signed = ({ signature }) => ({ signature: flipLastBit(signature) });
    }),
  },

  {
    id: 'tampered-tbs',
    title: 'a certificate that was changed after it was signed',
    group: 'crypto',
    reference: 'RFC 5280 6.1.3(a)(1)',
    differs: 'the last letter of the subject is another one than was signed',
    tier: 'core',
    expected: rejected('CERT_SIGNATURE_FAILURE'),
    valid: ownIssuer,
    fault: leaf((it) => {
      it.signed = ({ tbs }) => ({ tbs: withOtherSubject(tbs, it.subject) });
    }),
  },

  {
    id: 'signature-all-zero',
    title: 'a signature of zeros',
    group: 'crypto',
    reference: 'RFC 5280 6.1.3(a)(1)',
    differs: 'every octet of the signature is zero',
    tier: 'core',
    expected: rejected('CERT_SIGNATURE_FAILURE'),
    valid: ownIssuer,
    fault: leaf((it) => {
      it.signed = ({ signature }) => ({ signature: new Uint8Array(signature.length) });
    }),
  },

  {
    id: 'signature-empty',
    title: 'an empty signature',
    group: 'crypto',
    reference: 'RFC 5280 4.1.1.3',
    differs: 'the signature has no octets',
    tier: 'core',
    expected: rejected('CERT_SIGNATURE_FAILURE'),
    valid: ownIssuer,
    fault: leaf((it) => {
      it.signed = () => ({ signature: new Uint8Array(0) });
    }),
  },

  {
    id: 'signature-ecdsa-r0-s0',
    title: 'an ECDSA signature of two zeros',
    group: 'crypto',
    reference: 'CVE-2022-21449 (Java psychic signatures)',
    differs: 'r and s of the ECDSA signature are 0',
    tier: 'core',
    expected: rejected('CERT_SIGNATURE_FAILURE'),
    valid: ownIssuer,
    fault: leaf((it) => {
      it.signed = () => ({ signature: sequence(integer(0), integer(0)) });
    }),
  },

  {
    id: 'signature-algorithm-mismatch',
    title: 'two names of the signature algorithm',
    group: 'crypto',
    reference: 'RFC 5280 4.1.1.2 (MUST be same)',
    differs: 'outside the signed part the algorithm is ecdsa-with-SHA384, inside and in truth ecdsa-with-SHA256',
    tier: 'core',
    expected: rejected('CERT_SIGNATURE_FAILURE'),
    valid: ownIssuer,
    fault: leaf((it) => {
      it.signed = () => ({ algorithm: sequence(objectIdentifier(ecdsaWithSha384)) });
    }),
  },

  {
    id: 'signature-algorithm-unknown',
    title: 'an unknown signature algorithm',
    group: 'crypto',
    reference: 'RFC 5280 4.1.1.2',
    differs: 'the signature algorithm is a private object identifier',
    tier: 'core',
    expected: rejected('UNABLE_TO_VERIFY_LEAF_SIGNATURE'),
    valid: ownIssuer,
    fault: all(
      atSecurityLevel0,
      leaf((it) => {
        it.signer = (key) => ({ ...signerFor(key), algorithm: sequence(objectIdentifier('1.3.6.1.4.1.55555.2')) });
      }),
    ),
  },

  {
    id: 'leaf-ecdsa-sha1',
    title: 'a leaf signed with ECDSA and SHA-1',
    group: 'crypto',
    reference: 'RFC 8446 4.4.2.4 (RECOMMENDED abort), 9155',
    differs: 'the signature algorithm of the leaf is ecdsa-with-SHA1',
    tier: 'extended',
    expected: rejected('CA_MD_TOO_WEAK', 'bad_certificate'),
    divergent: 'java',
    valid: ownIssuer,
    fault: all(
      atSecurityLevel0,
      leaf((it) => {
        it.signer = signsWith('ecdsa-sha1');
      }),
    ),
  },

  {
    id: 'leaf-ecdsa-sha224',
    title: 'a leaf signed with ECDSA and SHA-224',
    group: 'crypto',
    reference: 'RFC 8446 4.2.3 (not in registry for 1.3)',
    differs: 'the signature algorithm of the leaf is ecdsa-with-SHA224',
    tier: 'varies',
    client: { divergent: 'go(1.2) go-1.19(1.3) java(1.3)' },
    server: { divergent: 'go-1.19 java(1.3) deno' },
    valid: ownIssuer,
    fault: leaf((it) => {
      it.signer = signsWith('ecdsa-sha224');
    }),
  },

  {
    id: 'leaf-rsa-sha1',
    title: 'a leaf signed with RSA and SHA-1',
    group: 'crypto',
    reference: 'RFC 8446 4.4.2.4',
    differs: 'the signature algorithm of the leaf is sha1WithRSAEncryption',
    tier: 'extended',
    expected: rejected('CA_MD_TOO_WEAK', 'bad_certificate'),
    divergent: 'java',
    valid: rsaIssuer,
    fault: all(
      atSecurityLevel0,
      leaf((it) => {
        it.signer = signsWith('rsa-sha1');
      }),
    ),
  },

  {
    id: 'leaf-rsa-md5',
    title: 'a leaf signed with RSA and MD5',
    group: 'crypto',
    reference: 'RFC 8446 4.4.2.4 (MUST abort with bad_certificate)',
    differs: 'the signature algorithm of the leaf is md5WithRSAEncryption',
    tier: 'core',
    expected: rejected('CA_MD_TOO_WEAK', 'bad_certificate'),
    valid: rsaIssuer,
    fault: all(
      atSecurityLevel0,
      leaf((it) => {
        it.signer = signsWith('rsa-md5');
      }),
    ),
  },

  {
    id: 'leaf-signed-rsa-pss',
    title: 'a leaf signed with RSASSA-PSS',
    group: 'crypto',
    reference: 'RFC 4055; 8446 4.2.3',
    differs: 'the signature algorithm of the leaf is RSASSA-PSS with SHA-256, by an ordinary RSA key',
    tier: 'control',
    valid: rsaIssuer,
    fault: leaf((it) => {
      it.signer = rsaPssSigner;
    }),
  },

  {
    id: 'intermediate-sha1',
    title: 'an issuing CA signed with SHA-1',
    group: 'crypto',
    reference: 'RFC 8446 4.4.2.4',
    differs: 'the signature algorithm of the issuing CA is ecdsa-with-SHA1',
    tier: 'extended',
    expected: rejected('CA_MD_TOO_WEAK', 'bad_certificate'),
    divergent: 'java',
    valid: all(ownIssuer, upperCa),
    fault: all(
      atSecurityLevel0,
      intermediate((it) => {
        it.signer = signsWith('ecdsa-sha1');
      }),
    ),
  },

  {
    id: 'root-self-signature-sha1',
    title: 'a trust anchor that signed itself with SHA-1',
    group: 'crypto',
    reference: 'RFC 8446 4.4.2.2 (anchor signature not checked)',
    differs: 'the signature algorithm of the trust anchor is ecdsa-with-SHA1, which nobody checks',
    tier: 'control',
    valid: ownAnchor,
    fault: root((it) => {
      it.signer = signsWith('ecdsa-sha1');
    }),
  },

  {
    id: 'leaf-rsa-pss-key-sha1-params',
    title: 'an RSASSA-PSS key for SHA-1 alone',
    group: 'crypto',
    reference: 'RFC 8446 4.2.3',
    differs: 'the key of the leaf is an RSASSA-PSS key that is restricted to SHA-1',
    tier: 'core',
    client: {
      expected: {
        'TLSv1.3': rejected('PEER_DID_NOT_RETURN_A_CERTIFICATE', 'certificate_required'),
        'TLSv1.2': rejected('PEER_DID_NOT_RETURN_A_CERTIFICATE', 'handshake_failure'),
      },
    },
    server: {
      expected: {
        'TLSv1.3': rejected('WRONG_SIGNATURE_TYPE', 'illegal_parameter'),
        'TLSv1.2': rejected('WRONG_CERTIFICATE_TYPE', 'illegal_parameter'),
      },
    },
    fault: pssSha1Leaf,
  },
];

const ecdsaWithSha384 = '1.2.840.10045.4.3.3';

/** No TLS library signs a handshake with it: a client then presents none, and a server's goes on the wire. */
function pssSha1Leaf(draft: CredentialDraft): void {
  if (draft.role === 'client') {
    draft.leaf.key = rsaPssSha1Key();
    return;
  }
  draft.onTheWire = true;
  draft.leaf.spki = encodeSpki(rsaPssSha1Key());
}
