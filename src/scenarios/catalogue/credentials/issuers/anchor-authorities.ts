import { oid } from '../../../../x509/object-identifiers.ts';
import { versionOne, notCa, otherThan, pathLengthZero, purpose, signsCrlsOnly } from './authority-changes.ts';
import { root } from '../../changes.ts';
import { ownAnchor } from './hierarchy.ts';
import { type CredentialTable, rejected } from '../../credential-definition.ts';

/** What the certificate of the trust anchor contains. RFC 5280 6.1 does not require to check it; most stacks do. */
export const anchorAuthoritiesCredentials: CredentialTable = () => [
  {
    id: 'root-v1',
    title: 'a trust anchor of X.509 version 1',
    group: 'usage',
    differs: 'the certificate of the root is version 1, without extensions',
    references: [{ rfc: 5280, section: '6.1.1(d)' }],
    tier: 'varies',
    divergences: { 'openssl-strict': 'rejected' },
    valid: ownAnchor,
    fault: root(versionOne),
  },
  {
    id: 'root-no-basic-constraints',
    title: 'a trust anchor without basicConstraints',
    group: 'usage',
    differs: 'the root, which has no keyUsage, has no basicConstraints either',
    references: [
      { rfc: 5280, section: '4.2.1.9' },
      { rfc: 5280, section: '6.1.1(d)' },
    ],
    tier: 'varies',
    expected: rejected('INVALID_PURPOSE'),
    client: { divergences: { gnutls: 'accepted' } },
    server: { divergences: { gnutls: 'accepted', deno: 'accepted' } },
    valid: root({ omit: [oid.keyUsage] }),
    fault: root({ omit: [oid.basicConstraints] }),
  },
  {
    id: 'root-ca-false',
    title: 'a trust anchor that is not a CA',
    group: 'usage',
    differs: 'basicConstraints of the root says that it is not a CA',
    references: [{ rfc: 5280, section: '4.2.1.9' }],
    cwes: ['CWE-295'],
    severity: 'low',
    tier: 'core',
    expected: rejected('INVALID_PURPOSE'),
    server: { divergences: { deno: 'accepted' } },
    valid: ownAnchor,
    fault: root(notCa),
  },
  {
    id: 'root-no-keycertsign',
    title: 'a trust anchor whose key may not sign certificates',
    group: 'usage',
    differs: 'keyUsage of the root has cRLSign only',
    references: [{ rfc: 5280, section: '4.2.1.3' }],
    cwes: ['CWE-295'],
    severity: 'low',
    tier: 'core',
    expected: rejected('KEYUSAGE_NO_CERTSIGN'),
    server: { divergences: { deno: 'accepted' } },
    valid: ownAnchor,
    fault: root(signsCrlsOnly),
  },
  {
    id: 'pathlen-exceeded-root',
    title: 'a CA below a trust anchor whose path length is 0',
    group: 'usage',
    differs: 'pathLenConstraint of the root is 0, although it issued the issuing CA',
    references: [{ rfc: 5280, section: '6.1.1', note: 'constraints of an anchor are optional' }, { rfc: 5937 }],
    tier: 'varies',
    expected: rejected('PATH_LENGTH_EXCEEDED'),
    client: { divergences: { java: 'accepted' } },
    server: { divergences: { java: 'accepted', deno: 'accepted' } },
    valid: ownAnchor,
    fault: root(pathLengthZero),
  },
  {
    id: 'root-eku-opposite-role',
    title: 'a trust anchor for the other role',
    group: 'usage',
    differs: 'extendedKeyUsage of the root has only serverAuth for a client, clientAuth for a server',
    references: [{ document: 'CA/Browser Forum Baseline Requirements', section: '7.1.2.1.2', note: 'not in RFC 5280' }],
    tier: 'varies',
    expected: rejected('INVALID_PURPOSE'),
    client: { divergences: { gnutls: 'accepted', java: 'accepted' } },
    server: { divergences: { gnutls: 'accepted', java: 'accepted', deno: 'accepted' } },
    valid: ({ root: it, role }) => {
      it.extend(purpose(role));
    },
    fault: ({ root: it, role }) => {
      it.extend(purpose(otherThan(role)));
    },
  },
];
