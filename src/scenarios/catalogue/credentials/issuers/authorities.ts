import { contextPrimitive, sequence } from '../../../../asn1/der-writer.ts';
import { basicConstraints, extendedKeyUsage, type Extension, keyUsage } from '../../../../x509/extensions.ts';
import { oid } from '../../../../x509/object-identifiers.ts';
import type { CertificateDraft } from '../../../drafts/certificate-draft.ts';
import { becomeV1, notCa, otherThan, pathLengthZero, purpose, signsCrlsOnly } from './authority-changes.ts';
import { intermediate, leaf } from '../../changes.ts';
import { type CredentialTable, rejected } from '../../credential-definition.ts';
import { ownIssuer, upper, upperCa } from './hierarchy.ts';

/** Who may issue, and how deep. */
export const authoritiesCredentials: CredentialTable = () => [
  {
    id: 'ca-certificate-as-leaf',
    title: 'the certificate of a CA, presented by itself',
    group: 'usage',
    reference: 'RFC 5280 4.2.1.3; X509-SVID 3.2',
    differs: 'the leaf is a CA: keyUsage has keyCertSign and cRLSign and not digitalSignature, and there is no extendedKeyUsage',
    tier: 'varies',
    client: { expected: rejected('INVALID_PURPOSE'), divergent: 'go' },
    server: {
      expected: {
        'TLSv1.3': rejected('INVALID_PURPOSE'),
        'TLSv1.2': { by: 'server', reason: 'NO_SHARED_CIPHER', alert: 'handshake_failure' },
      },
      divergent: 'go(1.3)',
    },
    fault: leaf((it) => {
      it.extend(basicConstraints({ ca: true }));
      it.extend(keyUsage(['keyCertSign', 'cRLSign']));
      it.omit(oid.extendedKeyUsage);
    }),
  },
  {
    id: 'leaf-issued-by-leaf',
    title: 'a leaf issued by a leaf',
    group: 'usage',
    reference: 'RFC 5280 4.2.1.9, 6.1.4(k)',
    differs: 'the issuer has the extensions of a leaf of the same role',
    tier: 'core',
    expected: rejected('KEYUSAGE_NO_CERTSIGN'),
    valid: ownIssuer,
    fault: ({ intermediate: it, role }) => {
      it.extensions = [basicConstraints({ ca: false }), keyUsage(['digitalSignature']), purpose(role)];
    },
  },
  {
    id: 'leaf-issued-by-leaf-no-bc-no-ku',
    title: 'a leaf issued by a leaf that does not say that it is one',
    group: 'usage',
    reference: 'RFC 5280 6.1.4(k)',
    differs: 'the issuer, whose purpose is that of its subject, has neither basicConstraints nor keyUsage',
    tier: 'core',
    expected: rejected('INVALID_PURPOSE'),
    valid: ({ intermediate: it, role }) => {
      it.extend(purpose(role));
    },
    fault: intermediate(sayNothing),
  },
  {
    id: 'intermediate-ca-false',
    title: 'an issuer that is no CA',
    group: 'usage',
    reference: 'RFC 5280 4.2.1.9, 6.1.4(k)',
    differs: 'basicConstraints of the issuer says that it is no CA; its keyUsage has keyCertSign',
    tier: 'core',
    expected: rejected('INVALID_PURPOSE'),
    valid: ownIssuer,
    fault: intermediate(notCa),
  },
  {
    id: 'intermediate-no-basic-constraints',
    title: 'an issuer that does not say whether it is a CA',
    group: 'usage',
    reference: 'RFC 5280 6.1.4(k)',
    differs: 'the issuer has no basicConstraints; its keyUsage has keyCertSign',
    tier: 'core',
    expected: rejected('INVALID_CA'),
    valid: ownIssuer,
    fault: intermediate((it) => {
      it.omit(oid.basicConstraints);
    }),
  },
  {
    id: 'intermediate-no-bc-no-ku',
    title: 'an issuer that says nothing of itself',
    group: 'usage',
    reference: 'RFC 5280 6.1.4(k)',
    differs: 'the issuer has neither basicConstraints nor keyUsage',
    tier: 'core',
    expected: rejected('INVALID_PURPOSE'),
    valid: ownIssuer,
    fault: intermediate(sayNothing),
  },
  {
    id: 'intermediate-bc-non-critical',
    title: 'an issuing CA whose basicConstraints is not critical',
    group: 'usage',
    reference: 'RFC 5280 4.2.1.9 (must be critical)',
    differs: 'basicConstraints of the issuing CA is not critical',
    tier: 'varies',
    divergent: 'openssl-strict',
    valid: ownIssuer,
    fault: intermediate((it) => {
      it.extend({ ...basicConstraints({ ca: true }), critical: false });
    }),
  },
  {
    id: 'intermediate-no-keycertsign',
    title: 'an issuing CA whose key may not sign certificates',
    group: 'usage',
    reference: 'RFC 5280 6.1.4(n)',
    differs: 'keyUsage of the issuing CA has cRLSign only',
    tier: 'core',
    expected: rejected('KEYUSAGE_NO_CERTSIGN'),
    server: { divergent: 'deno' },
    valid: ownIssuer,
    fault: intermediate(signsCrlsOnly),
  },
  {
    id: 'intermediate-v1',
    title: 'an issuing CA of X.509 version 1',
    group: 'usage',
    reference: 'RFC 5280 6.1.4(k)',
    differs: 'the certificate of the issuing CA is version 1, without extensions',
    tier: 'core',
    expected: rejected('INVALID_PURPOSE'),
    valid: ownIssuer,
    fault: intermediate(becomeV1),
  },
  {
    id: 'pathlen-exceeded',
    title: 'a CA below one that may not have any below it',
    group: 'usage',
    reference: 'RFC 5280 4.2.1.9, 6.1.4(m)',
    differs: 'pathLenConstraint of the CA that issued the issuing CA is 0',
    tier: 'core',
    expected: rejected('PATH_LENGTH_EXCEEDED'),
    valid: upperCa,
    fault: upper(pathLengthZero),
  },
  {
    id: 'intermediate-eku-opposite-role',
    title: 'an issuing CA for the other role',
    group: 'usage',
    reference: 'not in RFC 5280; CA/Browser Forum baseline requirements 7.1.2.10.6',
    differs: 'extendedKeyUsage of the issuing CA has only serverAuth for a client, clientAuth for a server',
    tier: 'varies',
    expected: rejected('INVALID_PURPOSE'),
    client: { divergent: 'gnutls java' },
    server: { divergent: 'java' },
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
    reference: 'RFC 5280 4.2.1.12',
    differs: 'extendedKeyUsage of the issuing CA has anyExtendedKeyUsage only',
    tier: 'control',
    client: { divergent: 'node:INVALID_PURPOSE openssl openssl-strict' },
    server: { divergent: 'node:INVALID_PURPOSE openssl openssl-strict gnutls deno curl' },
    valid: ({ intermediate: it, role }) => {
      it.extend(purpose(role));
    },
    fault: intermediate((it) => {
      it.extend(extendedKeyUsage(['anyExtendedKeyUsage']));
    }),
  },
  {
    id: 'policy-require-explicit',
    title: 'an issuing CA that demands a certificate policy',
    group: 'usage',
    reference: 'RFC 5280 4.2.1.11, 6.1.5(g)',
    differs: 'policyConstraints of the issuing CA, critical, has requireExplicitPolicy 0; no certificate names a policy',
    tier: 'varies',
    client: { divergent: 'gnutls go java' },
    server: { divergent: 'gnutls go java deno' },
    valid: ownIssuer,
    fault: intermediate((it) => {
      it.extend(requireExplicitPolicy());
    }),
  },
];

function sayNothing(it: CertificateDraft): void {
  it.omit(oid.basicConstraints);
  it.omit(oid.keyUsage);
}

/** policyConstraints: every certificate below must name a policy (RFC 5280 4.2.1.11). */
function requireExplicitPolicy(): Extension {
  return { oid: '2.5.29.36', critical: true, value: sequence(contextPrimitive(0, Uint8Array.of(0))) };
}
