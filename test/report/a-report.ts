import { countsOf, type Report, type ReportHandshake, type ReportResult } from '../../src/report/report.ts';

const certificate = {
  subject: 'CN=a',
  issuer: 'CN=issuer',
  names: ['DNS:a.test', 'IP:127.0.0.1'],
  extendedKeyUsage: [],
  isAuthority: false,
  keyAlgorithm: 'ec-p256',
  signatureAlgorithm: 'ecdsa-sha256',
  serialNumber: '01',
  notBefore: '2026-01-01T00:00:00.000Z',
  notAfter: '2026-01-02T00:00:00.000Z',
  fingerprint256: 'AA',
};
const root = {
  ...certificate,
  subject: 'CN=root',
  issuer: 'CN=root',
  names: [],
  isAuthority: true,
  pathLength: 0,
  keyUsage: ['keyCertSign'],
};

/** A rejection by the server, with both chains. */
export const handshake: ReportHandshake = {
  verdict: 'rejected',
  rejectedBy: 'server',
  reason: 'CERT_HAS_EXPIRED',
  alert: { name: 'certificate_expired', code: 45, sentBy: 'server' },
  evidence: 'observed',
  protocol: 'TLSv1.3',
  cipher: 'TLS_AES_128_GCM_SHA256',
  servername: 'localhost',
  resumed: false,
  durationMs: 12.34,
  startedAt: '2026-01-03T00:00:00.000Z',
  explanation: 'Handshake rejected\n  next line',
  clientChain: { asSent: true, certificates: ['AA', { unreadableBytes: 3 }] },
  serverChain: { asSent: false, certificates: ['BB'] },
};

/** What was to be rejected, and was. */
export const result: ReportResult = {
  key: 'server:api [unit]/TLSv1.3/expired-leaf',
  kind: 'scenario',
  id: 'expired-leaf',
  title: 'an expired leaf',
  differs: 'notAfter was a day ago',
  group: 'time',
  tier: 'core',
  reference: 'RFC 5280 6.1.3',
  references: [{ rfc: 5280, section: '6.1.3(a)(2)' }],
  cves: ['CVE-2022-21449'],
  cwes: ['CWE-298'],
  severity: 'high',
  controls: [],
  version: 'TLSv1.3',
  expected: { verdict: 'rejected', by: 'server', reason: 'CERT_HAS_EXPIRED' },
  status: 'as-expected',
  message: 'expired-leaf (TLSv1.3): rejected by the server',
  testMs: 20,
  retries: 2,
  handshake,
};

/** A report of one target. */
export function reportOf(results: readonly ReportResult[], more: Partial<Report> = {}): Report {
  const counts = countsOf(results);
  return {
    version: 1,
    generator: 'mtls-fixtures',
    startedAt: handshake.startedAt,
    durationMs: 1,
    interrupted: false,
    summary: 'All is as expected.',
    origin: {},
    runtimes: [{ node: '26.10.0', openssl: '3.5.1' }],
    counts,
    assertions: [],
    omittedAssertions: 0,
    targets: [{ name: 'api', project: 'unit', underTest: 'server', file: 'a.test.ts', versions: ['TLSv1.3'], counts, results }],
    certificates: { AA: certificate, BB: root },
    ...more,
  };
}
