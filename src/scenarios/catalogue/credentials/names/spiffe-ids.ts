import { basicConstraints, keyUsage } from '../../../../x509/extensions.ts';
import { leaf } from '../../changes.ts';
import type { CredentialTable, Change } from '../../credential-definition.ts';
import { dns, ip, named, unnamed, uri } from './names.ts';

/** The SPIFFE id of the legitimate peer, client or server. */
export const workload = 'spiffe://example.test/workload';

/** What the rows have in common; by itself without a peer that is impersonated. */
const ofAnyone = { group: 'names', tier: 'app', valid: spiffeId(workload) } as const;
const ofWorkload = { ...ofAnyone, impersonates: { spiffeId: workload, x509Svid: workload, federatedSpiffeId: workload } } as const;

/** Workloads other than the one that an application authorizes by SPIFFE id. TLS accepts them all, as it has to. */
export const spiffeIdsCredentials: CredentialTable = () => [
  {
    id: 'spiffe-wrong-trust-domain',
    title: 'a workload of another trust domain',
    differs: 'the only URI name is spiffe://other.test/workload',
    references: [
      { document: 'X509-SVID', section: '5.1' },
      { document: 'SPIFFE-ID', section: '2.1' },
    ],
    cwes: ['CWE-863'],
    severity: 'high',
    ...ofWorkload,
    fault: spiffeId('spiffe://other.test/workload'),
  },
  {
    id: 'spiffe-multiple-uri-san',
    title: 'two SPIFFE ids',
    differs: 'a second URI name follows: spiffe://example.test/admin',
    references: [
      { document: 'X509-SVID', section: '2' },
      { document: 'X509-SVID', section: '5.2', note: 'must be rejected' },
    ],
    cwes: ['CWE-863'],
    severity: 'high',
    ...ofWorkload,
    fault: spiffeId(workload, 'spiffe://example.test/admin'),
  },
  {
    id: 'spiffe-uri-plus-http-uri',
    title: 'a SPIFFE id and another URI',
    differs: 'a second URI name follows: https://example.test/workload',
    references: [{ document: 'X509-SVID', section: '5.2', note: 'more than one URI name must be rejected' }],
    cwes: ['CWE-863'],
    severity: 'high',
    ...ofWorkload,
    fault: spiffeId(workload, 'https://example.test/workload'),
  },
  {
    id: 'spiffe-no-uri-san',
    title: 'no SPIFFE id',
    differs: 'there is no URI name',
    references: [{ document: 'X509-SVID', section: '2', note: 'exactly one' }],
    cwes: ['CWE-863'],
    severity: 'high',
    ...ofWorkload,
    fault: spiffeId(),
  },
  {
    id: 'spiffe-empty-path',
    title: 'the SPIFFE id of a trust domain',
    differs: 'the only URI name is spiffe://example.test',
    references: [
      { document: 'X509-SVID', section: '3.1' },
      { document: 'X509-SVID', section: '5.2', note: 'a leaf has a path' },
    ],
    cwes: ['CWE-863'],
    severity: 'medium',
    ...ofWorkload,
    fault: spiffeId('spiffe://example.test'),
  },
  {
    id: 'spiffe-root-path',
    title: 'a SPIFFE id whose path is only a slash',
    differs: 'the only URI name is spiffe://example.test/',
    references: [
      { document: 'X509-SVID', section: '5.2' },
      { document: 'SPIFFE-ID', section: '2.2' },
    ],
    cwes: ['CWE-863'],
    severity: 'medium',
    ...ofWorkload,
    fault: spiffeId('spiffe://example.test/'),
  },
  {
    id: 'spiffe-wrong-scheme',
    title: 'a SPIFFE id of another scheme',
    differs: 'the only URI name is https://example.test/workload',
    references: [{ document: 'X509-SVID', section: '5.2', note: 'the scheme must be spiffe' }],
    cwes: ['CWE-863'],
    severity: 'medium',
    ...ofWorkload,
    fault: spiffeId('https://example.test/workload'),
  },
  {
    id: 'spiffe-uppercase-trust-domain',
    title: 'a SPIFFE id whose trust domain is in capitals',
    differs: 'the only URI name is spiffe://EXAMPLE.TEST/workload',
    references: [{ document: 'SPIFFE-ID', section: '2.1', note: 'lower case' }],
    cwes: ['CWE-863', 'CWE-178'],
    severity: 'medium',
    ...ofWorkload,
    fault: spiffeId('spiffe://EXAMPLE.TEST/workload'),
  },
  {
    id: 'spiffe-with-port',
    title: 'a SPIFFE id with a port',
    differs: 'the only URI name is spiffe://example.test:8443/workload',
    references: [{ document: 'SPIFFE-ID', section: '2.1', note: 'must not' }],
    cwes: ['CWE-863'],
    severity: 'medium',
    ...ofWorkload,
    fault: spiffeId('spiffe://example.test:8443/workload'),
  },
  {
    id: 'spiffe-with-userinfo',
    title: 'a SPIFFE id with a user',
    differs: 'the only URI name is spiffe://admin@example.test/workload',
    references: [{ document: 'SPIFFE-ID', section: '2.1', note: 'must not' }],
    cwes: ['CWE-863'],
    severity: 'medium',
    ...ofWorkload,
    fault: spiffeId('spiffe://admin@example.test/workload'),
  },
  {
    id: 'spiffe-with-query',
    title: 'a SPIFFE id with a query',
    differs: 'the only URI name is spiffe://example.test/workload?role=admin',
    references: [{ document: 'SPIFFE-ID', section: '2', note: 'must not' }],
    cwes: ['CWE-863'],
    severity: 'medium',
    ...ofWorkload,
    fault: spiffeId('spiffe://example.test/workload?role=admin'),
  },
  {
    id: 'spiffe-with-fragment',
    title: 'a SPIFFE id with a fragment',
    differs: 'the only URI name is spiffe://example.test/workload#admin',
    references: [{ document: 'SPIFFE-ID', section: '2', note: 'must not' }],
    cwes: ['CWE-863'],
    severity: 'medium',
    ...ofWorkload,
    fault: spiffeId('spiffe://example.test/workload#admin'),
  },
  {
    id: 'spiffe-dot-segments',
    title: 'a SPIFFE id with dots to resolve',
    differs: 'the only URI name is spiffe://example.test/other/../workload',
    references: [{ document: 'SPIFFE-ID', section: '2.2', note: 'no segment is . or ..' }],
    cwes: ['CWE-863'],
    severity: 'medium',
    ...ofWorkload,
    fault: spiffeId('spiffe://example.test/other/../workload'),
  },
  {
    id: 'spiffe-trailing-slash',
    title: 'a SPIFFE id with a slash at its end',
    differs: 'the only URI name is spiffe://example.test/workload/',
    references: [{ document: 'SPIFFE-ID', section: '2.2' }],
    cwes: ['CWE-863'],
    severity: 'medium',
    ...ofWorkload,
    fault: spiffeId('spiffe://example.test/workload/'),
  },
  {
    id: 'spiffe-percent-encoded',
    title: 'a SPIFFE id with a percent-encoded letter',
    differs: 'the only URI name is spiffe://example.test/%77orkload',
    references: [{ document: 'SPIFFE-ID', section: '2.2', note: 'no percent-encoding' }],
    cwes: ['CWE-863'],
    severity: 'medium',
    ...ofWorkload,
    fault: spiffeId('spiffe://example.test/%77orkload'),
  },
  {
    id: 'spiffe-trust-domain-prefix',
    title: 'a trust domain that has the expected one as a prefix',
    differs: 'the only URI name is spiffe://example.test.evil.test/workload',
    references: [{ document: 'SPIFFE-ID', section: '2.1' }],
    cwes: ['CWE-863'],
    severity: 'high',
    ...ofWorkload,
    fault: spiffeId('spiffe://example.test.evil.test/workload'),
  },
  {
    id: 'spiffe-too-long',
    title: 'a SPIFFE id longer than 2048 bytes',
    differs: 'the only URI name is spiffe://example.test/workload with letters appended up to 2049 bytes',
    references: [{ document: 'SPIFFE-ID', section: '2.3' }],
    cwes: ['CWE-863'],
    severity: 'medium',
    ...ofWorkload,
    fault: spiffeId(workload.padEnd(2049, 'a')),
  },
  {
    id: 'spiffe-ku-not-critical',
    title: 'an SVID whose keyUsage is not critical',
    differs: 'keyUsage is not critical: a rule for issuers, which X509-SVID 5.2 does not have a verifier check',
    references: [{ document: 'X509-SVID', section: '4.3', note: 'must be critical' }],
    ...ofAnyone,
    fault: leaf({ extend: [{ ...keyUsage(['digitalSignature']), critical: false }] }),
  },
  {
    id: 'spiffe-signing-cert-as-leaf',
    title: 'the certificate of a CA, presented as an SVID',
    differs: 'the leaf is a CA with keyCertSign; its SPIFFE id is the expected one',
    references: [
      { document: 'X509-SVID', section: '3.2' },
      { document: 'X509-SVID', section: '5.2', note: 'must be rejected' },
    ],
    cwes: ['CWE-295'],
    severity: 'medium',
    ...ofWorkload,
    impersonates: { x509Svid: workload },
    server: { divergences: { deno: 'rejected' } },
    fault: leaf({ extend: [basicConstraints({ ca: true }), keyUsage(['digitalSignature', 'keyCertSign'])] }),
  },
  {
    id: 'spiffe-leaf-crlsign',
    title: 'an SVID that may sign CRLs',
    differs: 'keyUsage of the leaf also has cRLSign; its SPIFFE id is the expected one',
    references: [{ document: 'X509-SVID', section: '5.2', note: 'must be rejected' }],
    cwes: ['CWE-295'],
    severity: 'low',
    ...ofWorkload,
    impersonates: { x509Svid: workload },
    fault: leaf({ extend: [keyUsage(['digitalSignature', 'cRLSign'])] }),
  },
];

/** The leaf has these URI names; a server keeps its host names, for the client verifies them too. */
export function spiffeId(...uris: readonly string[]): Change {
  return (draft) => {
    const hosts = draft.role === 'server' ? [dns('localhost'), ip(127, 0, 0, 1)] : [];
    const names = [...hosts, ...uris.map(uri)];
    (names.length === 0 ? unnamed : named(...names))(draft);
  };
}
