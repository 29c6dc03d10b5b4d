import { all } from '../../changes.ts';
import { type CredentialTable, rejected } from '../../credential-definition.ts';
import { forStacks } from '../../divergences.ts';
import { asksFor, dns, ip, named, spelled } from './names.ts';

const mismatch = rejected('ERR_TLS_CERT_ALTNAME_INVALID', 'bad_certificate');

/** 127.0.0.1 in fullwidth digits, U+FF11, U+FF12 and so on, which IDNA maps to ASCII. */
const fullwidth = '\uFF11\uFF12\uFF17.\uFF10.\uFF10.\uFF11';

/** What rows about addresses have in common. Node.js 24.21 and 26.10 accept the bad ones, 22.23 does not (measured). In the control the certificate has both names: a client that takes the spelling for a host name accepts it too. */
const ofAddress = {
  group: 'names',
  references: [
    { rfc: 9525, section: '6.4', note: 'an address is compared with an iPAddress alone' },
    { document: 'WHATWG URL', section: '3.5', note: 'the host is an address' },
  ],
  cwes: ['CWE-297', 'CWE-176'],
  severity: 'medium',
  role: 'server',
  tier: 'extended',
  expected: mismatch,
} as const;

/** Hosts in a spelling that the resolver reads in one way, and what verifies the certificate perhaps in another. */
export const spelledHostsCredentials: CredentialTable = () => [
  {
    id: 'ip-host-fullwidth-digits',
    title: 'an address in fullwidth digits, and a certificate with it as a dNSName',
    differs: `the only name is the dNSName 127.0.0.1, without the iPAddress; the client asks for ${fullwidth}, which is 127.0.0.1`,
    cves: ['CVE-2026-105483'],
    ...ofAddress,
    divergences: forStacks(['node', 'gnutls', 'java'], 'accepted'),
    valid: all(asksFor('127.0.0.1'), spelled(fullwidth), named(dns('127.0.0.1'), ip(127, 0, 0, 1))),
    fault: named(dns('127.0.0.1')),
  },
  {
    id: 'ip-host-leading-zero',
    title: 'an address with a leading zero, and a certificate with it as a dNSName',
    differs: 'the only name is the dNSName 127.0.0.1, without the iPAddress; the client asks for 127.0.0.01, which is 127.0.0.1',
    cves: ['CVE-2026-106069'],
    ...ofAddress,
    divergences: { node: 'accepted' },
    valid: all(asksFor('127.0.0.1'), spelled('127.0.0.01'), named(dns('127.0.0.1'), ip(127, 0, 0, 1))),
    fault: named(dns('127.0.0.1')),
  },
  {
    id: 'wildcard-unicode-dot',
    title: 'a wildcard for two labels that a Unicode dot separates',
    group: 'names',
    differs:
      'the only dNSName is *.example.test; the client asks for server.sub.example.test with U+3002, the ideographic full stop, as the first dot',
    references: [
      { rfc: 9525, section: '6.3', note: 'a wildcard stands for one label' },
      { rfc: 3490, section: '3.1(1)', note: 'U+3002 is a dot' },
    ],
    cves: ['CVE-2026-48618'],
    cwes: ['CWE-297', 'CWE-176'],
    severity: 'high',
    role: 'server',
    tier: 'core',
    expected: mismatch,
    valid: all(asksFor('server.sub.example.test'), spelled('server\u3002sub.example.test')),
    fault: named(dns('*.example.test')),
  },
];
