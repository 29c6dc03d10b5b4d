import { oid } from '../../../../x509/object-identifiers.ts';
import { becomeV1, notCa, otherThan, pathLengthZero, purpose, signsCrlsOnly } from './authority-changes.ts';
import { root, unchanged } from '../../changes.ts';
import { type CredentialTable, rejected } from '../../credential-definition.ts';

/** What the certificate of the trust anchor says of itself. RFC 5280 6.1 has nobody look at it; most do. */
export const anchorAuthoritiesCredentials: CredentialTable = () => [
  {
    id: 'root-v1',
    title: 'a trust anchor of X.509 version 1',
    group: 'usage',
    reference: 'RFC 5280 6.1.1(d)',
    differs: 'the certificate of the root is version 1, without extensions',
    tier: 'varies',
    divergent: 'openssl-strict',
    valid: root(unchanged),
    fault: root(becomeV1),
  },
  {
    id: 'root-no-basic-constraints',
    title: 'a trust anchor that does not say whether it is a CA',
    group: 'usage',
    reference: 'RFC 5280 4.2.1.9, 6.1.1(d)',
    differs: 'the root, which has no keyUsage, has no basicConstraints either',
    tier: 'varies',
    expected: rejected('INVALID_PURPOSE'),
    client: { divergent: 'gnutls' },
    server: { divergent: 'gnutls deno' },
    valid: root((it) => {
      it.omit(oid.keyUsage);
    }),
    fault: root((it) => {
      it.omit(oid.basicConstraints);
    }),
  },
  {
    id: 'root-ca-false',
    title: 'a trust anchor that is no CA',
    group: 'usage',
    reference: 'RFC 5280 4.2.1.9',
    differs: 'basicConstraints of the root says that it is no CA',
    tier: 'core',
    expected: rejected('INVALID_PURPOSE'),
    server: { divergent: 'deno' },
    valid: root(unchanged),
    fault: root(notCa),
  },
  {
    id: 'root-no-keycertsign',
    title: 'a trust anchor whose key may not sign certificates',
    group: 'usage',
    reference: 'RFC 5280 4.2.1.3',
    differs: 'keyUsage of the root has cRLSign only',
    tier: 'core',
    expected: rejected('KEYUSAGE_NO_CERTSIGN'),
    server: { divergent: 'deno' },
    valid: root(unchanged),
    fault: root(signsCrlsOnly),
  },
  {
    id: 'pathlen-exceeded-root',
    title: 'a CA below a trust anchor that may not have any below it',
    group: 'usage',
    reference: 'RFC 5280 6.1.1 (constraints of an anchor are optional); RFC 5937',
    differs: 'pathLenConstraint of the root is 0, although it issued the issuing CA',
    tier: 'varies',
    expected: rejected('PATH_LENGTH_EXCEEDED'),
    client: { divergent: 'java' },
    server: { divergent: 'java deno' },
    valid: root(unchanged),
    fault: root(pathLengthZero),
  },
  {
    id: 'root-eku-opposite-role',
    title: 'a trust anchor for the other role',
    group: 'usage',
    reference: 'not in RFC 5280; CA/Browser Forum baseline requirements 7.1.2.1.2',
    differs: 'extendedKeyUsage of the root has only serverAuth for a client, clientAuth for a server',
    tier: 'varies',
    expected: rejected('INVALID_PURPOSE'),
    client: { divergent: 'gnutls java' },
    server: { divergent: 'gnutls java deno' },
    valid: ({ root: it, role }) => {
      it.extend(purpose(role));
    },
    fault: ({ root: it, role }) => {
      it.extend(purpose(otherThan(role)));
    },
  },
];
