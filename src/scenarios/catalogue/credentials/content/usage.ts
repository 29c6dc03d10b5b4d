import { namedBits } from '../../../../asn1/der-writer.ts';
import type { Side } from '../../../../wire/tap/capture.ts';
import { basicConstraints, extendedKeyUsage, type Extension, type KeyUsage, keyUsage } from '../../../../x509/extensions.ts';
import { oid } from '../../../../x509/object-identifiers.ts';
import { all, leaf } from '../../changes.ts';
import { type CredentialTable, type Change, type Outcome, refused, rejected } from '../../credential-definition.ts';
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
    client: { divergent: 'gnutls' },
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
    client: { divergent: 'gnutls' },
    fault: extended(extendedKeyUsage(['codeSigning'])),
  },
  {
    id: 'eku-any',
    title: 'a leaf for any purpose',
    group: 'usage',
    reference: 'RFC 5280 4.2.1.12 (may be rejected where a particular purpose is required)',
    differs: 'extendedKeyUsage has anyExtendedKeyUsage only',
    tier: 'varies',
    expected: rejected('INVALID_PURPOSE'),
    divergent: 'gnutls go java',
    fault: extended(extendedKeyUsage(['anyExtendedKeyUsage'])),
  },
  {
    id: 'eku-absent',
    title: 'a leaf that says nothing of its purpose',
    group: 'usage',
    reference: 'RFC 5280 4.2.1.12 (no restriction)',
    differs: 'there is no extendedKeyUsage',
    tier: 'control',
    fault: without(oid.extendedKeyUsage),
  },
  {
    id: 'eku-empty',
    title: 'a leaf for no purpose',
    group: 'usage',
    reference: 'RFC 5280 4.2.1.12 (at least one)',
    differs: 'extendedKeyUsage is an empty sequence',
    tier: 'extended',
    expected: rejected('INVALID_PURPOSE'),
    divergent: 'gnutls go',
    fault: extended(extendedKeyUsage([])),
  },
  {
    id: 'eku-critical-opposite',
    title: 'a leaf for the other role, which is critical',
    group: 'usage',
    reference: 'RFC 5280 4.2.1.12',
    differs: 'extendedKeyUsage, which is critical, has the purpose of the other role only',
    tier: 'core',
    expected: rejected('INVALID_PURPOSE'),
    client: { divergent: 'gnutls' },
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
    client: { divergent: 'gnutls' },
    fault: extended(extendedKeyUsage(['1.3.6.1.4.1.99999.1'])),
  },
  {
    id: 'ku-no-digital-signature',
    title: 'a leaf whose key may not sign',
    group: 'usage',
    reference: 'RFC 5280 4.2.1.3; RFC 8446 4.4.2.2 (must have digitalSignature)',
    differs: 'keyUsage has keyEncipherment only',
    tier: 'extended',
    client: { expected: rejected('INVALID_PURPOSE'), divergent: 'go' },
    server: {
      expected: { 'TLSv1.3': refused, 'TLSv1.2': unusable },
      divergent: 'node(1.3) openssl(1.3) openssl-strict(1.3) go(1.3) deno(1.3) curl(1.3)',
    },
    fault: keyFor('keyEncipherment'),
  },
  {
    id: 'ku-keyagreement-only',
    title: 'a leaf whose key may only agree on keys',
    group: 'usage',
    reference: 'RFC 5280 4.2.1.3; RFC 8446 4.4.2.2 (must have digitalSignature)',
    differs: 'keyUsage has keyAgreement only',
    tier: 'extended',
    client: { expected: refused, divergent: 'node openssl openssl-strict go' },
    server: {
      expected: { 'TLSv1.3': refused, 'TLSv1.2': unusable },
      divergent: 'node(1.3) openssl(1.3) openssl-strict(1.3) go(1.3) deno(1.3) curl(1.3)',
    },
    fault: keyFor('keyAgreement'),
  },
  {
    id: 'ku-certsign-only-leaf',
    title: 'a leaf whose key may only sign certificates',
    group: 'usage',
    reference: 'RFC 5280 4.2.1.3; RFC 8446 4.4.2.2 (must have digitalSignature)',
    differs: 'keyUsage has keyCertSign only',
    tier: 'extended',
    client: { expected: rejected('INVALID_PURPOSE'), divergent: 'go' },
    server: {
      expected: { 'TLSv1.3': rejected('INVALID_PURPOSE'), 'TLSv1.2': unusable },
      divergent: 'go(1.3) deno(1.3)',
    },
    fault: keyFor('keyCertSign'),
  },
  {
    id: 'ku-digsig-plus-certsign-ca-false',
    title: 'a leaf that is no CA and may sign certificates',
    group: 'usage',
    reference: 'RFC 5280 4.2.1.3, 4.2.1.9 (must not)',
    differs: 'keyUsage has digitalSignature and keyCertSign, although basicConstraints says that it is no CA',
    tier: 'varies',
    divergent: 'openssl-strict',
    fault: keyFor('digitalSignature', 'keyCertSign'),
  },
  {
    id: 'ku-absent',
    title: 'a leaf that says nothing of the use of its key',
    group: 'usage',
    reference: 'RFC 5280 4.2.1.3',
    differs: 'there is no keyUsage',
    tier: 'control',
    fault: without(oid.keyUsage),
  },
  {
    id: 'leaf-ca-true',
    title: 'a leaf that is a CA',
    group: 'usage',
    reference: 'RFC 5280 4.2.1.9 (allowed); CA/Browser Forum baseline requirements 7.1.2.7.8 (not)',
    differs: 'basicConstraints says that the leaf is a CA',
    tier: 'varies',
    server: { divergent: 'deno' },
    fault: extended(basicConstraints({ ca: true })),
  },
  {
    id: 'leaf-ca-true-certsign',
    title: 'a leaf that is a CA and may sign certificates',
    group: 'usage',
    reference: 'X509-SVID 3.2; CA/Browser Forum baseline requirements 7.1.2.7.8',
    differs: 'the leaf is a CA, and its keyUsage has keyCertSign besides digitalSignature',
    tier: 'varies',
    server: { divergent: 'deno' },
    fault: all(extended(basicConstraints({ ca: true })), keyFor('digitalSignature', 'keyCertSign')),
  },
  {
    id: 'leaf-no-basic-constraints',
    title: 'a leaf that does not say whether it is a CA',
    group: 'usage',
    reference: 'RFC 5280 4.2.1.9',
    differs: 'there is no basicConstraints',
    tier: 'control',
    fault: without(oid.basicConstraints),
  },
  {
    id: 'leaf-ca-false-with-pathlen',
    title: 'a path length in a leaf that is no CA',
    group: 'usage',
    reference: 'RFC 5280 4.2.1.9 (must not)',
    differs: 'basicConstraints of the leaf has a pathLenConstraint of 0 and no CA',
    tier: 'extended',
    expected: refused,
    client: { divergent: 'node openssl gnutls go java' },
    server: { divergent: 'node openssl gnutls go java deno curl' },
    fault: extended(basicConstraints({ ca: false, pathLength: 0 })),
  },
  {
    id: 'nscerttype-opposite-role',
    title: 'a Netscape certificate type for the other role',
    group: 'usage',
    reference: 'Netscape certificate extensions (obsolete)',
    differs: 'netscape-cert-type of a client is SSL server, that of a server SSL client',
    tier: 'varies',
    expected: rejected('INVALID_PURPOSE'),
    client: { divergent: 'gnutls go' },
    server: { divergent: 'gnutls go deno' },
    valid: ofRole(netscapeType),
    fault: ofRole((role) => netscapeType(otherThan(role))),
  },
];

/** The leaf has this extension in place of its own. */
function extended(extension: Extension): Change {
  return leaf((it) => {
    it.extend(extension);
  });
}

/** The same, where it depends on the role of the leaf. */
function ofRole(extension: (role: Side) => Extension): Change {
  return ({ leaf: it, role }) => {
    it.extend(extension(role));
  };
}

function critical(extension: Extension): Extension {
  return { ...extension, critical: true };
}

function without(extension: string): Change {
  return leaf((it) => {
    it.omit(extension);
  });
}

function keyFor(...usages: readonly KeyUsage[]): Change {
  return extended(keyUsage(usages));
}

function netscapeType(role: Side): Extension {
  return { oid: '2.16.840.1.113730.1.1', value: namedBits([role === 'client' ? 0 : 1]) };
}
