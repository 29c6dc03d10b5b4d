import { integer, objectIdentifier, sequence } from '../../../../asn1/der-writer.ts';
import { encodeSpki } from '../../../../pki/formats/key-encoding.ts';
import { rsaPssSigner, signerFor } from '../../../../x509/signature.ts';
import type { CredentialDraft } from '../../../drafts/credential-draft.ts';
import { all, intermediate, leaf, root } from '../../changes.ts';
import { ownAnchor, ownIssuer, upperCa } from '../issuers/hierarchy.ts';
import { atSecurityLevel0, rsaIssuer } from './weak-keys.ts';
import { flipLastBit, signsWith, withOtherSubject } from './faulty-signatures.ts';
import { rsaPssSha1Key } from './shared-keys.ts';
import { type CredentialTable, rejected } from '../../credential-definition.ts';

/** How certificates are signed. */
export const signaturesCredentials: CredentialTable = () => [
  {
    id: 'corrupted-signature',
    title: 'a corrupted signature',
    group: 'crypto',
    differs: 'the last bit of the signature is flipped',
    references: [{ rfc: 5280, section: '6.1.3(a)(1)' }],
    cwes: ['CWE-347'],
    severity: 'critical',
    tier: 'core',
    expected: rejected('CERT_SIGNATURE_FAILURE'),
    valid: ownIssuer,
    fault: leaf({ signed: ({ signature }) => ({ signature: flipLastBit(signature) }) }),
  },

  {
    id: 'tampered-tbs',
    title: 'a certificate that was changed after it was signed',
    group: 'crypto',
    differs: 'the last letter of the subject differs from what was signed',
    references: [{ rfc: 5280, section: '6.1.3(a)(1)' }],
    cwes: ['CWE-347'],
    severity: 'critical',
    tier: 'core',
    expected: rejected('CERT_SIGNATURE_FAILURE'),
    valid: ownIssuer,
    fault: leaf((it) => {
      it.signed = ({ tbs }) => ({ tbs: withOtherSubject(tbs, it.subject) });
    }),
  },

  {
    id: 'signature-all-zero',
    title: 'a signature of zero octets',
    group: 'crypto',
    differs: 'every octet of the signature is zero',
    references: [{ rfc: 5280, section: '6.1.3(a)(1)' }],
    cwes: ['CWE-347'],
    severity: 'critical',
    tier: 'core',
    expected: rejected('CERT_SIGNATURE_FAILURE'),
    valid: ownIssuer,
    fault: leaf({ signed: ({ signature }) => ({ signature: new Uint8Array(signature.length) }) }),
  },

  {
    id: 'signature-empty',
    title: 'an empty signature',
    group: 'crypto',
    differs: 'the signature has no octets',
    references: [{ rfc: 5280, section: '4.1.1.3' }],
    cwes: ['CWE-347'],
    severity: 'critical',
    tier: 'core',
    expected: rejected('CERT_SIGNATURE_FAILURE'),
    valid: ownIssuer,
    fault: leaf({ signed: () => ({ signature: new Uint8Array(0) }) }),
  },

  {
    id: 'signature-ecdsa-r0-s0',
    title: 'an ECDSA signature of two zeros',
    group: 'crypto',
    differs: 'r and s of the ECDSA signature are 0',
    references: [{ rfc: 5280, section: '6.1.3(a)(1)' }],
    cves: ['CVE-2022-21449'],
    cwes: ['CWE-347'],
    severity: 'critical',
    tier: 'core',
    expected: rejected('CERT_SIGNATURE_FAILURE'),
    valid: ownIssuer,
    fault: leaf({ signed: () => ({ signature: sequence(integer(0), integer(0)) }) }),
  },

  {
    id: 'signature-algorithm-mismatch',
    title: 'two names of the signature algorithm',
    group: 'crypto',
    differs: 'outside the signed part the algorithm is ecdsa-with-SHA384; inside it, and in fact, ecdsa-with-SHA256',
    references: [{ rfc: 5280, section: '4.1.1.2', note: 'must be the same' }],
    cwes: ['CWE-347'],
    severity: 'medium',
    tier: 'core',
    expected: rejected('CERT_SIGNATURE_FAILURE'),
    valid: ownIssuer,
    fault: leaf({ signed: () => ({ algorithm: sequence(objectIdentifier(ecdsaWithSha384)) }) }),
  },

  {
    id: 'signature-algorithm-unknown',
    title: 'an unknown signature algorithm',
    group: 'crypto',
    differs: 'the signature algorithm is a private object identifier',
    references: [{ rfc: 5280, section: '4.1.1.2' }],
    cwes: ['CWE-347'],
    severity: 'critical',
    tier: 'core',
    expected: rejected('UNABLE_TO_VERIFY_LEAF_SIGNATURE'),
    valid: ownIssuer,
    fault: all(
      atSecurityLevel0,
      leaf({ signer: (key) => ({ ...signerFor(key), algorithm: sequence(objectIdentifier('1.3.6.1.4.1.55555.2')) }) }),
    ),
  },

  {
    id: 'leaf-ecdsa-sha1',
    title: 'a leaf signed with ECDSA and SHA-1',
    group: 'crypto',
    differs: 'the signature algorithm of the leaf is ecdsa-with-SHA1',
    references: [{ rfc: 8446, section: '4.4.2.4', note: 'abort is recommended' }, { rfc: 9155 }],
    cwes: ['CWE-328'],
    severity: 'medium',
    tier: 'extended',
    expected: rejected('CA_MD_TOO_WEAK', 'bad_certificate'),
    divergences: { java: 'accepted' },
    valid: ownIssuer,
    fault: all(atSecurityLevel0, leaf({ signer: signsWith('ecdsa-sha1') })),
  },

  {
    id: 'leaf-ecdsa-sha224',
    title: 'a leaf signed with ECDSA and SHA-224',
    group: 'crypto',
    differs: 'the signature algorithm of the leaf is ecdsa-with-SHA224',
    references: [{ rfc: 8446, section: '4.2.3', note: 'not in the registry for TLS 1.3' }],
    tier: 'varies',
    client: { divergences: { go: { 'TLSv1.2': 'rejected' }, 'go-1.19': { 'TLSv1.3': 'rejected' }, java: { 'TLSv1.3': 'rejected' } } },
    server: { divergences: { 'go-1.19': 'rejected', java: { 'TLSv1.3': 'rejected' }, deno: 'rejected' } },
    valid: ownIssuer,
    fault: leaf({ signer: signsWith('ecdsa-sha224') }),
  },

  {
    id: 'leaf-rsa-sha1',
    title: 'a leaf signed with RSA and SHA-1',
    group: 'crypto',
    differs: 'the signature algorithm of the leaf is sha1WithRSAEncryption',
    references: [{ rfc: 8446, section: '4.4.2.4' }],
    cwes: ['CWE-328'],
    severity: 'medium',
    tier: 'extended',
    expected: rejected('CA_MD_TOO_WEAK', 'bad_certificate'),
    divergences: { java: 'accepted' },
    valid: rsaIssuer,
    fault: all(atSecurityLevel0, leaf({ signer: signsWith('rsa-sha1') })),
  },

  {
    id: 'leaf-rsa-md5',
    title: 'a leaf signed with RSA and MD5',
    group: 'crypto',
    differs: 'the signature algorithm of the leaf is md5WithRSAEncryption',
    references: [{ rfc: 8446, section: '4.4.2.4', note: 'must abort with bad_certificate' }],
    cwes: ['CWE-328'],
    severity: 'high',
    tier: 'core',
    expected: rejected('CA_MD_TOO_WEAK', 'bad_certificate'),
    valid: rsaIssuer,
    fault: all(atSecurityLevel0, leaf({ signer: signsWith('rsa-md5') })),
  },

  {
    id: 'leaf-signed-rsa-pss',
    title: 'a leaf signed with RSASSA-PSS',
    group: 'crypto',
    differs: 'the signature algorithm of the leaf is RSASSA-PSS with SHA-256, by an ordinary RSA key',
    references: [{ rfc: 4055 }, { rfc: 8446, section: '4.2.3' }],
    tier: 'control',
    valid: rsaIssuer,
    fault: leaf({ signer: rsaPssSigner }),
  },

  {
    id: 'intermediate-sha1',
    title: 'an issuing CA signed with SHA-1',
    group: 'crypto',
    differs: 'the signature algorithm of the issuing CA is ecdsa-with-SHA1',
    references: [{ rfc: 8446, section: '4.4.2.4' }],
    cwes: ['CWE-328'],
    severity: 'medium',
    tier: 'extended',
    expected: rejected('CA_MD_TOO_WEAK', 'bad_certificate'),
    divergences: { java: 'accepted' },
    valid: all(ownIssuer, upperCa),
    fault: all(atSecurityLevel0, intermediate({ signer: signsWith('ecdsa-sha1') })),
  },

  {
    id: 'root-self-signature-sha1',
    title: 'a trust anchor that signed itself with SHA-1',
    group: 'crypto',
    differs: 'the signature algorithm of the trust anchor is ecdsa-with-SHA1, which is not checked',
    references: [{ rfc: 8446, section: '4.4.2.2', note: 'the signature of an anchor is not checked' }],
    tier: 'control',
    valid: ownAnchor,
    fault: root({ signer: signsWith('ecdsa-sha1') }),
  },

  {
    id: 'leaf-rsa-pss-key-sha1-params',
    title: 'an RSASSA-PSS key for SHA-1 alone',
    group: 'crypto',
    differs: 'the key of the leaf is an RSASSA-PSS key that is restricted to SHA-1',
    references: [{ rfc: 8446, section: '4.2.3' }],
    cwes: ['CWE-327'],
    severity: 'low',
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
