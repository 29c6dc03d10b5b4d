import { namedBits } from '../../../../asn1/der-writer.ts';
import type { Side } from '../../../../wire/tap/capture.ts';
import { basicConstraints, type Extension, keyUsage } from '../../../../x509/extensions.ts';
import { oid } from '../../../../x509/object-identifiers.ts';
import { leaf } from '../../changes.ts';
import { type CredentialTable, type Change, type Outcome, refused, rejected } from '../../credential-definition.ts';
import { forStacks } from '../../divergences.ts';
import { otherThan } from '../issuers/authority-changes.ts';

/** With a key that may not sign, OpenSSL's servers do not present it in TLS 1.2: no cipher suite is left. */
const unusable: Outcome = { by: 'server', reason: 'NO_SHARED_CIPHER', alert: 'handshake_failure' };

/** What the key of the leaf may be used for, and whether the leaf is a CA. */
export const keyUsageCredentials: CredentialTable = () => [
  {
    id: 'ku-no-digital-signature',
    title: 'a leaf without digitalSignature in its keyUsage',
    group: 'usage',
    differs: 'keyUsage has keyEncipherment only',
    references: [
      { rfc: 5280, section: '4.2.1.3' },
      { rfc: 8446, section: '4.4.2.2', note: 'must have digitalSignature' },
    ],
    cves: ['CVE-2026-45388', 'CVE-2026-45389'],
    cwes: ['CWE-295'],
    severity: 'medium',
    tier: 'extended',
    client: { expected: rejected('INVALID_PURPOSE'), divergences: { go: 'accepted' } },
    server: {
      expected: { 'TLSv1.3': refused, 'TLSv1.2': unusable },
      divergences: forStacks(['node', 'openssl', 'openssl-strict', 'go', 'deno', 'curl'], { 'TLSv1.3': 'accepted' }),
    },
    fault: leaf({ extend: [keyUsage(['keyEncipherment'])] }),
  },
  {
    id: 'ku-keyagreement-only',
    title: 'a leaf with keyAgreement only',
    group: 'usage',
    differs: 'keyUsage has keyAgreement only',
    references: [
      { rfc: 5280, section: '4.2.1.3' },
      { rfc: 8446, section: '4.4.2.2', note: 'must have digitalSignature' },
    ],
    cwes: ['CWE-295'],
    severity: 'medium',
    tier: 'extended',
    client: { expected: refused, divergences: forStacks(['node', 'openssl', 'openssl-strict', 'go'], 'accepted') },
    server: {
      expected: { 'TLSv1.3': refused, 'TLSv1.2': unusable },
      divergences: forStacks(['node', 'openssl', 'openssl-strict', 'go', 'deno', 'curl'], { 'TLSv1.3': 'accepted' }),
    },
    fault: leaf({ extend: [keyUsage(['keyAgreement'])] }),
  },
  {
    id: 'ku-certsign-only-leaf',
    title: 'a leaf with keyCertSign only',
    group: 'usage',
    differs: 'keyUsage has keyCertSign only',
    references: [
      { rfc: 5280, section: '4.2.1.3' },
      { rfc: 8446, section: '4.4.2.2', note: 'must have digitalSignature' },
    ],
    cwes: ['CWE-295'],
    severity: 'medium',
    tier: 'extended',
    client: { expected: rejected('INVALID_PURPOSE'), divergences: { go: 'accepted' } },
    server: {
      expected: { 'TLSv1.3': rejected('INVALID_PURPOSE'), 'TLSv1.2': unusable },
      divergences: { go: { 'TLSv1.3': 'accepted' }, deno: { 'TLSv1.3': 'accepted' } },
    },
    fault: leaf({ extend: [keyUsage(['keyCertSign'])] }),
  },
  {
    id: 'ku-digsig-plus-certsign-ca-false',
    title: 'a leaf that is not a CA and may sign certificates',
    group: 'usage',
    differs: 'keyUsage has digitalSignature and keyCertSign, although basicConstraints says that it is not a CA',
    references: [
      { rfc: 5280, section: '4.2.1.3' },
      { rfc: 5280, section: '4.2.1.9', note: 'must not' },
    ],
    tier: 'varies',
    divergences: { 'openssl-strict': 'rejected' },
    fault: leaf({ extend: [keyUsage(['digitalSignature', 'keyCertSign'])] }),
  },
  {
    id: 'ku-absent',
    title: 'a leaf without keyUsage',
    group: 'usage',
    differs: 'there is no keyUsage',
    references: [{ rfc: 5280, section: '4.2.1.3' }],
    tier: 'control',
    fault: leaf({ omit: [oid.keyUsage] }),
  },
  {
    id: 'leaf-ca-true',
    title: 'a leaf that is a CA',
    group: 'usage',
    differs: 'basicConstraints says that the leaf is a CA',
    references: [
      { rfc: 5280, section: '4.2.1.9', note: 'allowed' },
      { document: 'CA/Browser Forum Baseline Requirements', section: '7.1.2.7.8', note: 'not' },
    ],
    tier: 'varies',
    server: { divergences: { deno: 'rejected' } },
    fault: leaf({ extend: [basicConstraints({ ca: true })] }),
  },
  {
    id: 'leaf-ca-true-certsign',
    title: 'a leaf that is a CA and may sign certificates',
    group: 'usage',
    differs: 'the leaf is a CA, and its keyUsage has keyCertSign and digitalSignature',
    references: [
      { document: 'X509-SVID', section: '3.2' },
      { document: 'CA/Browser Forum Baseline Requirements', section: '7.1.2.7.8' },
    ],
    tier: 'varies',
    server: { divergences: { deno: 'rejected' } },
    fault: leaf({ extend: [basicConstraints({ ca: true }), keyUsage(['digitalSignature', 'keyCertSign'])] }),
  },
  {
    id: 'leaf-no-basic-constraints',
    title: 'a leaf without basicConstraints',
    group: 'usage',
    differs: 'there is no basicConstraints',
    references: [{ rfc: 5280, section: '4.2.1.9' }],
    tier: 'control',
    fault: leaf({ omit: [oid.basicConstraints] }),
  },
  {
    id: 'leaf-ca-false-with-pathlen',
    title: 'a path length in a leaf that is not a CA',
    group: 'usage',
    differs: 'basicConstraints of the leaf has a pathLenConstraint of 0 and cA is false',
    references: [{ rfc: 5280, section: '4.2.1.9', note: 'must not' }],
    severity: 'low',
    tier: 'extended',
    expected: refused,
    client: { divergences: forStacks(['node', 'openssl', 'gnutls', 'go', 'java'], 'accepted') },
    server: { divergences: forStacks(['node', 'openssl', 'gnutls', 'go', 'java', 'deno', 'curl'], 'accepted') },
    fault: leaf({ extend: [basicConstraints({ ca: false, pathLength: 0 })] }),
  },
  {
    id: 'nscerttype-opposite-role',
    title: 'a Netscape certificate type for the other role',
    group: 'usage',
    differs: 'netscape-cert-type of a client is SSL server, that of a server SSL client',
    references: [{ document: 'Netscape certificate extensions', note: 'obsolete' }],
    tier: 'varies',
    expected: rejected('INVALID_PURPOSE'),
    client: { divergences: { gnutls: 'accepted', go: 'accepted' } },
    server: { divergences: { gnutls: 'accepted', go: 'accepted', deno: 'accepted' } },
    valid: ofRole(netscapeType),
    fault: ofRole((role) => netscapeType(otherThan(role))),
  },
];

/** The leaf has an extension that depends on its role, in place of its own. */
function ofRole(extension: (role: Side) => Extension): Change {
  return ({ leaf: it, role }) => {
    it.extend(extension(role));
  };
}

function netscapeType(role: Side): Extension {
  return { oid: '2.16.840.1.113730.1.1', value: namedBits([role === 'client' ? 0 : 1]) };
}
