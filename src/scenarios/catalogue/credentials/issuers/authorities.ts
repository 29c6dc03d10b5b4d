import { contextPrimitive, sequence } from '../../../../asn1/der-writer.ts';
import { basicConstraints, extendedKeyUsage, type Extension, keyUsage } from '../../../../x509/extensions.ts';
import { oid } from '../../../../x509/object-identifiers.ts';
import { notCa, otherThan, pathLengthZero, purpose, signsCrlsOnly, versionOne, withoutAuthority } from './authority-changes.ts';
import { intermediate, leaf } from '../../changes.ts';
import { type CredentialTable, rejected } from '../../credential-definition.ts';
import { forStacks } from '../../divergences.ts';
import { ownIssuer, upper, upperCa } from './hierarchy.ts';

/** Which certificates may issue others, and path lengths. */
export const authoritiesCredentials: CredentialTable = () => [
  {
    id: 'ca-certificate-as-leaf',
    title: 'the certificate of a CA, presented by itself',
    group: 'usage',
    differs: 'the leaf is a CA: keyUsage has keyCertSign and cRLSign and not digitalSignature, and there is no extendedKeyUsage',
    references: [
      { rfc: 5280, section: '4.2.1.3' },
      { document: 'X509-SVID', section: '3.2' },
    ],
    cwes: ['CWE-295'],
    severity: 'medium',
    tier: 'varies',
    client: { expected: rejected('INVALID_PURPOSE'), divergences: { go: 'accepted' } },
    server: {
      expected: {
        'TLSv1.3': rejected('INVALID_PURPOSE'),
        'TLSv1.2': { by: 'server', reason: 'NO_SHARED_CIPHER', alert: 'handshake_failure' },
      },
      divergences: { go: { 'TLSv1.3': 'accepted' } },
    },
    fault: leaf({ omit: [oid.extendedKeyUsage], extend: [basicConstraints({ ca: true }), keyUsage(['keyCertSign', 'cRLSign'])] }),
  },
  {
    id: 'leaf-issued-by-leaf',
    title: 'a leaf issued by a leaf',
    group: 'usage',
    differs: 'the issuer has the extensions of a leaf of the same role',
    references: [
      { rfc: 5280, section: '4.2.1.9' },
      { rfc: 5280, section: '6.1.4(k)' },
    ],
    cwes: ['CWE-296'],
    severity: 'critical',
    tier: 'core',
    expected: rejected('KEYUSAGE_NO_CERTSIGN'),
    valid: ownIssuer,
    fault: ({ intermediate: it, role }) => {
      it.extensions = [basicConstraints({ ca: false }), keyUsage(['digitalSignature']), purpose(role)];
    },
  },
  {
    id: 'leaf-issued-by-leaf-no-bc-no-ku',
    title: 'a leaf issued by a leaf without basicConstraints and keyUsage',
    group: 'usage',
    differs: 'the issuer, whose purpose is that of its subject, has neither basicConstraints nor keyUsage',
    references: [{ rfc: 5280, section: '6.1.4(k)' }],
    cwes: ['CWE-296'],
    severity: 'critical',
    tier: 'core',
    expected: rejected('INVALID_PURPOSE'),
    valid: ({ intermediate: it, role }) => {
      it.extend(purpose(role));
    },
    fault: intermediate(withoutAuthority),
  },
  {
    id: 'intermediate-ca-false',
    title: 'an issuer that is not a CA',
    group: 'usage',
    differs: 'basicConstraints of the issuer says that it is not a CA; its keyUsage has keyCertSign',
    references: [
      { rfc: 5280, section: '4.2.1.9' },
      { rfc: 5280, section: '6.1.4(k)' },
    ],
    cves: ['CVE-2026-5501'],
    cwes: ['CWE-296'],
    severity: 'critical',
    tier: 'core',
    expected: rejected('INVALID_PURPOSE'),
    valid: ownIssuer,
    fault: intermediate(notCa),
  },
  {
    id: 'intermediate-no-basic-constraints',
    title: 'an issuer without basicConstraints',
    group: 'usage',
    differs: 'the issuer has no basicConstraints; its keyUsage has keyCertSign',
    references: [{ rfc: 5280, section: '6.1.4(k)' }],
    cwes: ['CWE-296'],
    severity: 'critical',
    tier: 'core',
    expected: rejected('INVALID_CA'),
    valid: ownIssuer,
    fault: intermediate({ omit: [oid.basicConstraints] }),
  },
  {
    id: 'intermediate-no-bc-no-ku',
    title: 'an issuer without basicConstraints and keyUsage',
    group: 'usage',
    differs: 'the issuer has neither basicConstraints nor keyUsage',
    references: [{ rfc: 5280, section: '6.1.4(k)' }],
    cwes: ['CWE-296'],
    severity: 'critical',
    tier: 'core',
    expected: rejected('INVALID_PURPOSE'),
    valid: ownIssuer,
    fault: intermediate(withoutAuthority),
  },
  {
    id: 'intermediate-bc-non-critical',
    title: 'an issuing CA whose basicConstraints is not critical',
    group: 'usage',
    differs: 'basicConstraints of the issuing CA is not critical',
    references: [{ rfc: 5280, section: '4.2.1.9', note: 'must be critical' }],
    tier: 'varies',
    divergences: { 'openssl-strict': 'rejected' },
    valid: ownIssuer,
    fault: intermediate({ extend: [{ ...basicConstraints({ ca: true }), critical: false }] }),
  },
  {
    id: 'intermediate-no-keycertsign',
    title: 'an issuing CA whose key may not sign certificates',
    group: 'usage',
    differs: 'keyUsage of the issuing CA has cRLSign only',
    references: [{ rfc: 5280, section: '6.1.4(n)' }],
    cwes: ['CWE-296'],
    severity: 'high',
    tier: 'core',
    expected: rejected('KEYUSAGE_NO_CERTSIGN'),
    server: { divergences: { deno: 'accepted' } },
    valid: ownIssuer,
    fault: intermediate(signsCrlsOnly),
  },
  {
    id: 'intermediate-v1',
    title: 'an issuing CA of X.509 version 1',
    group: 'usage',
    differs: 'the certificate of the issuing CA is version 1, without extensions',
    references: [{ rfc: 5280, section: '6.1.4(k)' }],
    cwes: ['CWE-296'],
    severity: 'high',
    tier: 'core',
    expected: rejected('INVALID_PURPOSE'),
    valid: ownIssuer,
    fault: intermediate(versionOne),
  },
  {
    id: 'pathlen-exceeded',
    title: 'a CA below one whose path length is 0',
    group: 'usage',
    differs: 'pathLenConstraint of the CA that issued the issuing CA is 0',
    references: [
      { rfc: 5280, section: '4.2.1.9' },
      { rfc: 5280, section: '6.1.4(m)' },
    ],
    cwes: ['CWE-296'],
    severity: 'high',
    tier: 'core',
    expected: rejected('PATH_LENGTH_EXCEEDED'),
    valid: upperCa,
    fault: upper(pathLengthZero),
  },
  {
    id: 'intermediate-eku-opposite-role',
    title: 'an issuing CA for the other role',
    group: 'usage',
    differs: 'extendedKeyUsage of the issuing CA has only serverAuth for a client, clientAuth for a server',
    references: [{ document: 'CA/Browser Forum Baseline Requirements', section: '7.1.2.10.6', note: 'not in RFC 5280' }],
    cwes: ['CWE-295'],
    severity: 'medium',
    tier: 'varies',
    expected: rejected('INVALID_PURPOSE'),
    client: { divergences: { 'gnutls-3.7': 'accepted', java: 'accepted' } },
    server: { divergences: { java: 'accepted' } },
    valid: ({ intermediate: it, role }) => {
      it.extend(purpose(role));
    },
    fault: ({ intermediate: it, role }) => {
      it.extend(purpose(otherThan(role)));
    },
  },
  {
    id: 'intermediate-eku-any',
    title: 'an issuing CA for any purpose',
    group: 'usage',
    differs: 'extendedKeyUsage of the issuing CA has anyExtendedKeyUsage only',
    references: [{ rfc: 5280, section: '4.2.1.12' }],
    tier: 'control',
    client: { divergences: { node: { reason: 'INVALID_PURPOSE' }, openssl: 'rejected', 'openssl-strict': 'rejected' } },
    server: {
      divergences: {
        node: { reason: 'INVALID_PURPOSE' },
        ...forStacks(['openssl', 'openssl-strict', 'gnutls', 'deno', 'curl'], 'rejected'),
      },
    },
    valid: ({ intermediate: it, role }) => {
      it.extend(purpose(role));
    },
    fault: intermediate({ extend: [extendedKeyUsage(['anyExtendedKeyUsage'])] }),
  },
  {
    id: 'policy-require-explicit',
    title: 'an issuing CA that demands a certificate policy',
    group: 'usage',
    differs: 'policyConstraints of the issuing CA, critical, has requireExplicitPolicy 0; no certificate names a policy',
    references: [
      { rfc: 5280, section: '4.2.1.11' },
      { rfc: 5280, section: '6.1.5(g)' },
    ],
    cves: ['CVE-2025-22874'],
    tier: 'varies',
    client: { divergences: { gnutls: 'rejected', go: 'rejected', java: 'rejected' } },
    server: { divergences: forStacks(['gnutls', 'go', 'java', 'deno'], 'rejected') },
    valid: ownIssuer,
    fault: intermediate({ extend: [requireExplicitPolicy()] }),
  },
];

/** policyConstraints: every certificate below must name a policy (RFC 5280 4.2.1.11). */
function requireExplicitPolicy(): Extension {
  return { oid: '2.5.29.36', critical: true, value: sequence(contextPrimitive(0, Uint8Array.of(0))) };
}
