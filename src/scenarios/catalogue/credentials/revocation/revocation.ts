import { type KeyObject, sign } from 'node:crypto';
import { contextConstructed, objectIdentifier, sequence } from '../../../../asn1/der-writer.ts';
import type { Signer } from '../../../../x509/signature.ts';
import { crlDistributionPoints, type Extension } from '../../../../x509/extensions.ts';
import { all, leaf as changedLeaf } from '../../changes.ts';
import { type CredentialTable, rejected } from '../../credential-definition.ts';
import { uri } from '../names/names.ts';
import { checked, issuerList, listsLeaf, outdated, rootList, withoutRootList } from './revocation-changes.ts';

const points = ['http://crl.example.test/first', 'http://crl.example.test/second'];

/** issuingDistributionPoint (RFC 5280 5.2.5): the CRL is for the second. */
const secondPoint: Extension = {
  oid: '2.5.29.28',
  critical: true,
  value: sequence(contextConstructed(0, contextConstructed(0, ...points.slice(1).map(uri)))),
};

/** Whether a CRL that lists a certificate is respected, and one that does not is not an obstacle. */
export const revocationCredentials: CredentialTable = () => [
  {
    id: 'crl-not-listed',
    title: 'a CRL that lists another certificate',
    group: 'revocation',
    differs: 'the CRL of the issuing CA lists one certificate, not the leaf',
    references: [{ rfc: 5280, section: '6.3.3' }],
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
    differs: 'the leaf is on the CRL of its issuing CA',
    references: [{ rfc: 5280, section: '6.3.3' }],
    cwes: ['CWE-299'],
    severity: 'high',
    tier: 'extended',
    expected: rejected('CERT_REVOKED'),
    client: { divergences: { go: 'accepted' } },
    server: { divergences: { go: 'accepted', deno: 'accepted' } },
    valid: checked,
    fault: listsLeaf,
  },
  {
    id: 'crl-second-distribution-point',
    title: 'a leaf that is revoked on the CRL of its second distribution point',
    group: 'revocation',
    differs: 'the leaf, which has two distribution points, is on the CRL of its issuing CA for the second of them',
    references: [
      { rfc: 5280, section: '6.3.3(b)(2)(i)' },
      { document: 'RustSec', section: 'RUSTSEC-2026-0049' },
    ],
    cwes: ['CWE-299'],
    severity: 'high',
    tier: 'extended',
    expected: rejected('CERT_REVOKED'),
    client: { divergences: { go: 'accepted' } },
    server: { divergences: { go: 'accepted', deno: 'accepted' } },
    valid: all(checked, changedLeaf({ extend: [crlDistributionPoints(points)] }), issuerList({ extend: [secondPoint] })),
    fault: listsLeaf,
  },
  {
    id: 'crl-revoked-leaf-no-root-crl',
    title: 'a revoked leaf, where the CRL of the root is missing',
    group: 'revocation',
    differs:
      'the leaf is on the CRL of its issuing CA, and there is no CRL of the root; Node.js reports the missing CRL alone, OpenSSL the revocation first',
    references: [{ rfc: 5280, section: '6.3.3' }],
    cwes: ['CWE-299'],
    severity: 'high',
    tier: 'extended',
    expected: rejected('UNABLE_TO_GET_CRL'),
    client: { divergences: { go: 'accepted' } },
    server: { divergences: { go: 'accepted', deno: 'accepted' } },
    valid: checked,
    fault: all(listsLeaf, withoutRootList),
  },
  {
    id: 'crl-expired-lists-leaf',
    title: 'a leaf on an outdated CRL',
    group: 'revocation',
    differs:
      'nextUpdate in the CRL of the issuing CA was two days ago, and it lists the leaf; Node.js reports the revocation alone, OpenSSL the date first',
    references: [
      { rfc: 5280, section: '5.1.2.5' },
      { rfc: 5280, section: '6.3.3' },
    ],
    cwes: ['CWE-299'],
    severity: 'high',
    tier: 'extended',
    expected: rejected('CERT_REVOKED'),
    client: { divergences: { go: 'accepted' } },
    server: { divergences: { go: 'accepted', deno: 'accepted' } },
    valid: checked,
    fault: all(outdated, listsLeaf),
  },
  {
    id: 'crl-wrong-issuer-same-serial',
    title: 'the serial number of the leaf on the CRL of another CA',
    group: 'revocation',
    differs: 'another CA has a CRL that lists the serial number of the leaf',
    references: [{ rfc: 5280, section: '6.3.3(b)' }],
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
    differs: 'the leaf is on the CRL of its issuing CA with the reason removeFromCRL',
    references: [{ rfc: 5280, section: '5.3.1', note: 'removeFromCRL is for delta CRLs only' }],
    tier: 'varies',
    client: { divergences: { gnutls: 'rejected', java: 'rejected' } },
    server: { divergences: { java: 'rejected' } },
    valid: checked,
    fault: issuerList((list, { leaf: listed }) => {
      list.revoke(listed, 'removeFromCRL');
    }),
  },
  {
    id: 'crl-on-hold',
    title: 'a leaf that is on hold',
    group: 'revocation',
    differs: 'the leaf is on the CRL of its issuing CA with the reason certificateHold',
    references: [{ rfc: 5280, section: '5.3.1' }],
    cwes: ['CWE-299'],
    severity: 'high',
    tier: 'extended',
    expected: rejected('CERT_REVOKED'),
    client: { divergences: { go: 'accepted' } },
    server: { divergences: { go: 'accepted', deno: 'accepted' } },
    valid: checked,
    fault: issuerList((list, { leaf: listed }) => {
      list.revoke(listed, 'certificateHold');
    }),
  },
  {
    id: 'crl-number-missing',
    title: 'a leaf on a CRL without a number',
    group: 'revocation',
    differs: 'the leaf is on the CRL of its issuing CA, which has no cRLNumber and is valid without it',
    references: [
      { rfc: 5280, section: '5.2.3' },
      { rfc: 5280, section: '6.3.3' },
    ],
    cwes: ['CWE-299'],
    severity: 'high',
    tier: 'extended',
    expected: rejected('CERT_REVOKED'),
    client: { divergences: { go: 'accepted' } },
    server: { divergences: { go: 'accepted', deno: 'accepted' } },
    valid: all(checked, issuerList({ extensions: [] })),
    fault: listsLeaf,
  },
  {
    id: 'crl-sha1-signature',
    title: 'a leaf on a CRL that is signed with SHA-1',
    group: 'revocation',
    differs: 'the leaf is on the CRL of its issuing CA, whose signature is ecdsa-with-SHA1, which is accepted for CRLs',
    references: [
      { rfc: 5280, section: '6.3.3' },
      { rfc: 9155, section: '(SHA-1 is deprecated)' },
    ],
    cwes: ['CWE-299'],
    severity: 'high',
    tier: 'extended',
    expected: rejected('CERT_REVOKED'),
    client: { divergences: { go: 'accepted' } },
    server: { divergences: { go: 'accepted', deno: 'accepted' } },
    valid: all(checked, issuerList({ signer: ecdsaWithSha1 })),
    fault: listsLeaf,
  },
  {
    id: 'crl-revoked-intermediate',
    title: 'a revoked issuing CA',
    group: 'revocation',
    differs: 'the issuing CA is on the CRL of the root',
    references: [{ rfc: 5280, section: '6.3.3' }],
    cwes: ['CWE-299'],
    severity: 'high',
    tier: 'extended',
    expected: rejected('CERT_REVOKED'),
    client: { divergences: { go: 'accepted' } },
    server: { divergences: { go: 'accepted', deno: 'accepted' } },
    valid: checked,
    fault: rootList((list, { intermediate }) => {
      list.revoke(intermediate);
    }),
  },
];

function ecdsaWithSha1(key: KeyObject): Signer {
  return { algorithm: sequence(objectIdentifier('1.2.840.10045.4.1')), sign: (data) => sign('sha1', data, key) };
}
