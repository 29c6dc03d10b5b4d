import { type KeyObject, sign } from 'node:crypto';
import { objectIdentifier, sequence } from '../../../../asn1/der-writer.ts';
import type { Signer } from '../../../../x509/signature.ts';
import { all } from '../../changes.ts';
import { type CredentialTable, rejected } from '../../credential-definition.ts';
import { checked, issuerList, listsLeaf, outdated, rootList, withoutRootList } from './revocation-changes.ts';

/** Whether a CRL that lists a certificate is heeded, and one that does not is no obstacle. */
export const revocationCredentials: CredentialTable = () => [
  {
    id: 'crl-not-listed',
    title: 'a CRL that lists somebody else',
    group: 'revocation',
    reference: 'RFC 5280 6.3.3',
    differs: 'the CRL of the issuing CA lists one certificate, which is another',
    tier: 'control',
    valid: checked,
    fault: issuerList((list) => {
      list.revoke({ serialNumber: 1n });
    }),
  },
  {
    id: 'crl-revoked-leaf',
    title: 'a revoked leaf',
    group: 'revocation',
    reference: 'RFC 5280 6.3.3',
    differs: 'the leaf is on the CRL of its issuing CA',
    tier: 'extended',
    expected: rejected('CERT_REVOKED'),
    client: { divergent: 'go' },
    server: { divergent: 'go deno' },
    valid: checked,
    fault: listsLeaf,
  },
  {
    id: 'crl-revoked-leaf-no-root-crl',
    title: 'a revoked leaf, where the CRL of the root is missing',
    group: 'revocation',
    reference: 'RFC 5280 6.3.3',
    differs:
      'the leaf is on the CRL of its issuing CA, and there is no CRL of the root; Node.js only tells of the missing CRL, OpenSSL first of the revocation',
    tier: 'extended',
    expected: rejected('UNABLE_TO_GET_CRL'),
    client: { divergent: 'go' },
    server: { divergent: 'go deno' },
    valid: checked,
    fault: all(listsLeaf, withoutRootList),
  },
  {
    id: 'crl-expired-lists-leaf',
    title: 'a leaf on an outdated CRL',
    group: 'revocation',
    reference: 'RFC 5280 5.1.2.5, 6.3.3',
    differs:
      'nextUpdate in the CRL of the issuing CA was two days ago, and it lists the leaf; Node.js only tells of the revocation, OpenSSL first of the date',
    tier: 'extended',
    expected: rejected('CERT_REVOKED'),
    client: { divergent: 'go' },
    server: { divergent: 'go deno' },
    valid: checked,
    fault: all(outdated, listsLeaf),
  },
  {
    id: 'crl-wrong-issuer-same-serial',
    title: 'the serial number of the leaf on the CRL of another CA',
    group: 'revocation',
    reference: 'RFC 5280 6.3.3(b)',
    differs: 'there is a CRL of another CA besides, which lists the serial number of the leaf',
    tier: 'control',
    valid: checked,
    fault: (draft) => {
      draft.crl(draft.authority('other issuing CA', draft.pki.root)).revoke(draft.leaf);
    },
  },
  {
    id: 'crl-remove-from-crl',
    title: 'a leaf that a full CRL lists as removed',
    group: 'revocation',
    reference: 'RFC 5280 5.3.1 (removeFromCRL is for delta CRLs only)',
    differs: 'the leaf is on the CRL of its issuing CA with the reason removeFromCRL',
    tier: 'varies',
    client: { divergent: 'gnutls java' },
    server: { divergent: 'java' },
    valid: checked,
    fault: issuerList((list, { leaf }) => {
      list.revoke(leaf, 'removeFromCRL');
    }),
  },
  {
    id: 'crl-on-hold',
    title: 'a leaf that is on hold',
    group: 'revocation',
    reference: 'RFC 5280 5.3.1',
    differs: 'the leaf is on the CRL of its issuing CA with the reason certificateHold',
    tier: 'extended',
    expected: rejected('CERT_REVOKED'),
    client: { divergent: 'go' },
    server: { divergent: 'go deno' },
    valid: checked,
    fault: issuerList((list, { leaf }) => {
      list.revoke(leaf, 'certificateHold');
    }),
  },
  {
    id: 'crl-number-missing',
    title: 'a leaf on a CRL without a number',
    group: 'revocation',
    reference: 'RFC 5280 5.2.3, 6.3.3',
    differs: 'the leaf is on the CRL of its issuing CA, which has no cRLNumber and counts all the same',
    tier: 'extended',
    expected: rejected('CERT_REVOKED'),
    client: { divergent: 'go' },
    server: { divergent: 'go deno' },
    valid: all(
      checked,
      issuerList((list) => {
        list.extensions = [];
      }),
    ),
    fault: listsLeaf,
  },
  {
    id: 'crl-sha1-signature',
    title: 'a leaf on a CRL that is signed with SHA-1',
    group: 'revocation',
    reference: 'RFC 5280 6.3.3; RFC 9155 (SHA-1 is deprecated)',
    differs: 'the leaf is on the CRL of its issuing CA, whose signature is ecdsa-with-SHA1 and counts all the same',
    tier: 'extended',
    expected: rejected('CERT_REVOKED'),
    client: { divergent: 'go' },
    server: { divergent: 'go deno' },
    valid: all(
      checked,
      issuerList((list) => {
        list.signer = ecdsaWithSha1;
      }),
    ),
    fault: listsLeaf,
  },
  {
    id: 'crl-revoked-intermediate',
    title: 'a revoked issuing CA',
    group: 'revocation',
    reference: 'RFC 5280 6.3.3',
    differs: 'the issuing CA is on the CRL of the root',
    tier: 'extended',
    expected: rejected('CERT_REVOKED'),
    client: { divergent: 'go' },
    server: { divergent: 'go deno' },
    valid: checked,
    fault: rootList((list, { intermediate }) => {
      list.revoke(intermediate);
    }),
  },
];

function ecdsaWithSha1(key: KeyObject): Signer {
  return { algorithm: sequence(objectIdentifier('1.2.840.10045.4.1')), sign: (data) => sign('sha1', data, key) };
}
