import { namedBits } from '../../../../asn1/der-writer.ts';
import type { Side } from '../../../../wire/tap/capture.ts';
import { basicConstraints, extendedKeyUsage, type Extension, keyUsage } from '../../../../x509/extensions.ts';
import { oid } from '../../../../x509/object-identifiers.ts';
import { leaf } from '../../changes.ts';
import { type CredentialTable, type Change, type Outcome, refused, rejected } from '../../credential-definition.ts';
import { forStacks } from '../../divergences.ts';
import { otherThan, purpose } from '../issuers/authority-changes.ts';

/** With a key that may not sign, OpenSSL's servers do not come to present it in TLS 1.2: no cipher suite is left. */
const unusable: Outcome = { by: 'server', reason: 'NO_SHARED_CIPHER', alert: 'handshake_failure' };

/** What the leaf may be used for. */
export const usageCredentials: CredentialTable = () => [
  {
    id: 'eku-opposite-role',
    title: 'a leaf for the other role',
    group: 'usage',
    reference: 'RFC 5280 4.2.1.12; RFC 8446 4.4.2.2',
    differs: 'extendedKeyUsage of a client has serverAuth only, that of a server clientAuth only',
    tier: 'core',
    expected: rejected('INVALID_PURPOSE'),
    client: { divergences: { gnutls: 'accepted' } },
    fault: ofRole((role) => purpose(otherThan(role))),
  },
  {
    id: 'eku-codesigning-only',
    title: 'a leaf for signing code',
    group: 'usage',
    reference: 'RFC 5280 4.2.1.12',
    differs: 'extendedKeyUsage has codeSigning only',
    tier: 'core',
    expected: rejected('INVALID_PURPOSE'),
    client: { divergences: { gnutls: 'accepted' } },
    fault: leaf({ extend: [extendedKeyUsage(['codeSigning'])] }),
  },
  {
    id: 'eku-any',
    title: 'a leaf for any purpose',
    group: 'usage',
    reference: 'RFC 5280 4.2.1.12 (may be rejected where a particular purpose is required)',
    differs: 'extendedKeyUsage has anyExtendedKeyUsage only',
    tier: 'varies',
    expected: rejected('INVALID_PURPOSE'),
    divergences: { gnutls: 'accepted', go: 'accepted', java: 'accepted' },
    fault: leaf({ extend: [extendedKeyUsage(['anyExtendedKeyUsage'])] }),
  },
  {
    id: 'eku-absent',
    title: 'a leaf that says nothing of its purpose',
    group: 'usage',
    reference: 'RFC 5280 4.2.1.12 (no restriction)',
    differs: 'there is no extendedKeyUsage',
    tier: 'control',
    fault: leaf({ omit: [oid.extendedKeyUsage] }),
  },
  {
    id: 'eku-empty',
    title: 'a leaf for no purpose',
    group: 'usage',
    reference: 'RFC 5280 4.2.1.12 (at least one)',
    differs: 'extendedKeyUsage is an empty sequence',
    tier: 'extended',
    expected: rejected('INVALID_PURPOSE'),
    divergences: { gnutls: 'accepted', go: 'accepted' },
    fault: leaf({ extend: [extendedKeyUsage([])] }),
  },
  {
    id: 'eku-critical-opposite',
    title: 'a leaf for the other role, which is critical',
    group: 'usage',
    reference: 'RFC 5280 4.2.1.12',
    differs: 'extendedKeyUsage, which is critical, has the purpose of the other role only',
    tier: 'core',
    expected: rejected('INVALID_PURPOSE'),
    client: { divergences: { gnutls: 'accepted' } },
    valid: ofRole((role) => critical(purpose(role))),
    fault: ofRole((role) => critical(purpose(otherThan(role)))),
  },
  {
    id: 'eku-unknown-oid',
    title: 'a leaf for a purpose that nobody knows',
    group: 'usage',
    reference: 'RFC 5280 4.2.1.12',
    differs: 'extendedKeyUsage has an object identifier of a private arc only',
    tier: 'core',
    expected: rejected('INVALID_PURPOSE'),
    client: { divergences: { gnutls: 'accepted' } },
    fault: leaf({ extend: [extendedKeyUsage(['1.3.6.1.4.1.99999.1'])] }),
  },
  {
    id: 'ku-no-digital-signature',
    title: 'a leaf whose key may not sign',
    group: 'usage',
    reference: 'RFC 5280 4.2.1.3; RFC 8446 4.4.2.2 (must have digitalSignature)',
    differs: 'keyUsage has keyEncipherment only',
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
    title: 'a leaf whose key may only agree on keys',
    group: 'usage',
    reference: 'RFC 5280 4.2.1.3; RFC 8446 4.4.2.2 (must have digitalSignature)',
    differs: 'keyUsage has keyAgreement only',
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
    title: 'a leaf whose key may only sign certificates',
    group: 'usage',
    reference: 'RFC 5280 4.2.1.3; RFC 8446 4.4.2.2 (must have digitalSignature)',
    differs: 'keyUsage has keyCertSign only',
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
    title: 'a leaf that is no CA and may sign certificates',
    group: 'usage',
    reference: 'RFC 5280 4.2.1.3, 4.2.1.9 (must not)',
    differs: 'keyUsage has digitalSignature and keyCertSign, although basicConstraints says that it is no CA',
    tier: 'varies',
    divergences: { 'openssl-strict': 'rejected' },
    fault: leaf({ extend: [keyUsage(['digitalSignature', 'keyCertSign'])] }),
  },
  {
    id: 'ku-absent',
    title: 'a leaf that says nothing of the use of its key',
    group: 'usage',
    reference: 'RFC 5280 4.2.1.3',
    differs: 'there is no keyUsage',
    tier: 'control',
    fault: leaf({ omit: [oid.keyUsage] }),
  },
  {
    id: 'leaf-ca-true',
    title: 'a leaf that is a CA',
    group: 'usage',
    reference: 'RFC 5280 4.2.1.9 (allowed); CA/Browser Forum baseline requirements 7.1.2.7.8 (not)',
    differs: 'basicConstraints says that the leaf is a CA',
    tier: 'varies',
    server: { divergences: { deno: 'rejected' } },
    fault: leaf({ extend: [basicConstraints({ ca: true })] }),
  },
  {
    id: 'leaf-ca-true-certsign',
    title: 'a leaf that is a CA and may sign certificates',
    group: 'usage',
    reference: 'X509-SVID 3.2; CA/Browser Forum baseline requirements 7.1.2.7.8',
    differs: 'the leaf is a CA, and its keyUsage has keyCertSign besides digitalSignature',
    tier: 'varies',
    server: { divergences: { deno: 'rejected' } },
    fault: leaf({ extend: [basicConstraints({ ca: true }), keyUsage(['digitalSignature', 'keyCertSign'])] }),
  },
  {
    id: 'leaf-no-basic-constraints',
    title: 'a leaf that does not say whether it is a CA',
    group: 'usage',
    reference: 'RFC 5280 4.2.1.9',
    differs: 'there is no basicConstraints',
    tier: 'control',
    fault: leaf({ omit: [oid.basicConstraints] }),
  },
  {
    id: 'leaf-ca-false-with-pathlen',
    title: 'a path length in a leaf that is no CA',
    group: 'usage',
    reference: 'RFC 5280 4.2.1.9 (must not)',
    differs: 'basicConstraints of the leaf has a pathLenConstraint of 0 and no CA',
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
    reference: 'Netscape certificate extensions (obsolete)',
    differs: 'netscape-cert-type of a client is SSL server, that of a server SSL client',
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

function critical(extension: Extension): Extension {
  return { ...extension, critical: true };
}

function netscapeType(role: Side): Extension {
  return { oid: '2.16.840.1.113730.1.1', value: namedBits([role === 'client' ? 0 : 1]) };
}
