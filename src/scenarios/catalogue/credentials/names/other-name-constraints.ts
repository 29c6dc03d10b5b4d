import { contextConstructed, type Der, sequence, utf8String } from '../../../../asn1/der-writer.ts';
import { all } from '../../changes.ts';
import { constrained, excluded, notPermitted, subtrees } from './constraints.ts';
import { type CredentialTable, refused, rejected } from '../../credential-definition.ts';
import { forStacks } from '../../divergences.ts';
import { asksFor, dns, email, named, otherName, subject, uri } from './names.ts';

/** Names other than host names that the issuing CA may not certify. */
export const otherNameConstraintsCredentials: CredentialTable = () => [
  {
    id: 'nc-permitted-ip-violated',
    title: 'a CA for one network, the leaf outside',
    group: 'usage',
    differs: 'the iPAddress of the leaf is 127.0.0.1; the issuing CA permits 10.0.0.0/8 only',
    references: [
      { rfc: 5280, section: '4.2.1.10' },
      { rfc: 5280, section: '6.1.3(b)' },
    ],
    cwes: ['CWE-295'],
    severity: 'high',
    tier: 'core',
    expected: notPermitted,
    valid: all(asksFor('127.0.0.1'), constrained({ permitted: { ip: '127.0.0.0/8' } })),
    fault: constrained({ permitted: { ip: '10.0.0.0/8' } }),
  },
  {
    id: 'nc-permitted-uri-violated',
    title: 'a CA for one SPIFFE trust domain, the leaf of another',
    group: 'usage',
    differs: 'the leaf is also spiffe://example.test/workload; the issuing CA permits URIs of other.test only',
    references: [
      { rfc: 5280, section: '4.2.1.10' },
      { rfc: 5280, section: '6.1.3(b)' },
    ],
    cwes: ['CWE-295'],
    severity: 'high',
    tier: 'core',
    expected: notPermitted,
    divergences: { gnutls: 'accepted' },
    valid: all(named(dns('localhost'), uri('spiffe://example.test/workload')), constrained({ permitted: { uri: 'example.test' } })),
    fault: constrained({ permitted: { uri: 'other.test' } }),
  },
  {
    id: 'nc-excluded-uri-violated',
    title: 'a leaf of an excluded SPIFFE trust domain',
    group: 'usage',
    differs: 'the leaf is also spiffe://example.test/workload; the issuing CA excludes URIs of example.test',
    references: [
      { rfc: 5280, section: '4.2.1.10' },
      { rfc: 5280, section: '6.1.3(c)' },
    ],
    cwes: ['CWE-295'],
    severity: 'high',
    tier: 'core',
    expected: excluded,
    valid: all(named(dns('localhost'), uri('spiffe://example.test/workload')), constrained({ excluded: { uri: 'other.test' } })),
    fault: constrained({ excluded: { uri: 'example.test' } }),
  },
  {
    id: 'nc-excluded-email-violated',
    title: 'a leaf with an address of an excluded mail domain',
    group: 'usage',
    differs: 'the leaf is also alice@example.test; the issuing CA excludes mail addresses of example.test',
    references: [
      { rfc: 5280, section: '4.2.1.10' },
      { rfc: 5280, section: '6.1.3(c)' },
    ],
    cves: ['CVE-2026-27137'],
    cwes: ['CWE-295'],
    severity: 'high',
    tier: 'core',
    expected: excluded,
    valid: all(named(dns('localhost'), email('alice@example.test')), constrained({ excluded: { email: 'other.test' } })),
    fault: constrained({ excluded: { email: 'example.test' } }),
  },
  {
    id: 'nc-permitted-dirname-violated',
    title: 'a CA for one organization, the leaf of another',
    group: 'usage',
    differs: 'the subject of the leaf has the organization Example; the issuing CA permits the organization Other only',
    references: [
      { rfc: 5280, section: '4.2.1.10' },
      { rfc: 5280, section: '6.1.3(b)' },
    ],
    cwes: ['CWE-295'],
    severity: 'high',
    tier: 'core',
    expected: notPermitted,
    divergences: { gnutls: 'accepted' },
    valid: all(
      subject({ organization: 'Example', commonName: 'peer' }),
      constrained({ permitted: { directory: [{ organization: 'Example' }] } }),
    ),
    fault: constrained({ permitted: { directory: [{ organization: 'Other' }] } }),
  },
  {
    id: 'nc-excluded-dirname-violated',
    title: 'a leaf of an excluded organization',
    group: 'usage',
    differs: 'the subject of the leaf has the organization Example, which the issuing CA excludes',
    references: [
      { rfc: 5280, section: '4.2.1.10' },
      { rfc: 5280, section: '6.1.3(c)' },
    ],
    cwes: ['CWE-295'],
    severity: 'high',
    tier: 'core',
    expected: excluded,
    valid: all(
      subject({ organization: 'Example', commonName: 'peer' }),
      constrained({ excluded: { directory: [{ organization: 'Other' }] } }),
    ),
    fault: constrained({ excluded: { directory: [{ organization: 'Example' }] } }),
  },
  {
    id: 'nc-empty-sequence',
    title: 'name constraints without subtrees',
    group: 'usage',
    differs: 'nameConstraints of the issuing CA is an empty sequence',
    references: [{ rfc: 5280, section: '4.2.1.10', note: 'must not be empty' }],
    severity: 'low',
    tier: 'extended',
    expected: refused,
    client: { divergences: forStacks(['node', 'openssl', 'openssl-strict', 'gnutls', 'java'], 'accepted') },
    server: { divergences: forStacks(['node', 'openssl', 'openssl-strict', 'gnutls', 'java', 'deno', 'curl'], 'accepted') },
    valid: all(named(dns('localhost')), constrained({ permitted: { dns: 'localhost' } })),
    fault: subtrees(),
  },
  {
    id: 'nc-othername-excluded',
    title: 'a leaf with a name of an excluded other type',
    group: 'usage',
    differs: 'the leaf has an otherName, and the issuing CA excludes otherNames of that type',
    references: [{ rfc: 5280, section: '4.2.1.10', note: 'must be processed, or rejected' }],
    cwes: ['CWE-295'],
    severity: 'medium',
    tier: 'core',
    expected: rejected('UNSUPPORTED_CONSTRAINT_TYPE'),
    divergences: { gnutls: 'accepted' },
    valid: all(named(dns('localhost'), userPrincipalName('alice@example.test')), constrained({ excluded: { dns: 'other.test' } })),
    fault: subtrees(contextConstructed(1, sequence(userPrincipalName('example.test')))),
  },
];

/** The name of a user, as Windows writes it. */
function userPrincipalName(name: string): Der {
  return otherName('1.3.6.1.4.1.311.20.2.3', utf8String(name));
}
