import type { Report, ReportResult, ReportTarget } from '../../../src/report/report.ts';
import { countsOf } from '../../../src/report/report.ts';

/** A result of `expired-leaf`, changed. */
export function sampleResult(changes: Partial<ReportResult> = {}): ReportResult {
  return {
    key: 'server:api/TLSv1.3/expired-leaf',
    kind: 'scenario',
    id: 'expired-leaf',
    title: 'an expired leaf',
    differs: 'notAfter of the leaf was two days ago',
    group: 'time',
    tier: 'core',
    severity: 'high',
    cves: [],
    cwes: ['CWE-298'],
    controls: ['ASVS-v5.0.0-12.1.3', 'SP800-52r2-3.5.1'],
    references: [{ rfc: 5280, section: '4.1.2.5' }],
    reference: 'RFC 5280 4.1.2.5; CWE-298',
    version: 'TLSv1.3',
    expected: { verdict: 'rejected', by: 'server', reason: 'CERT_HAS_EXPIRED' },
    status: 'as-expected',
    message: 'expired-leaf (TLSv1.3): rejected by the server with CERT_HAS_EXPIRED',
    testMs: 12.3,
    ...changes,
  };
}

/** The same, accepted. */
export function sampleFinding(changes: Partial<ReportResult> = {}): ReportResult {
  const message = 'expired-leaf (TLSv1.3): expected rejected by the server with CERT_HAS_EXPIRED, but it was accepted';
  return sampleResult({ status: 'unexpected', message, ...changes });
}

/** The valid client, refused. */
export function refusedControl(changes: Partial<ReportResult> = {}): ReportResult {
  return sampleFinding({
    kind: 'control',
    id: 'control',
    title: 'accepts the valid client (control)',
    group: 'controls',
    tier: 'control',
    severity: 'informational',
    cwes: [],
    controls: [],
    expected: { verdict: 'accepted' },
    message: 'the valid client was refused',
    ...changes,
  });
}

/** A target with these results. */
export function sampleTarget(results: readonly ReportResult[], changes: Partial<ReportTarget> = {}): ReportTarget {
  const versions = [...new Set(results.map(({ version }) => version))];
  return { name: 'api', underTest: 'server', file: 'test/api.test.ts', versions, counts: countsOf(results), results, ...changes };
}

/** A report of these targets. */
export function sampleReport(...targets: readonly ReportTarget[]): Report {
  return {
    version: 1,
    generator: 'mtls-fixtures',
    startedAt: '2026-11-30T12:00:00.000Z',
    durationMs: 1500,
    interrupted: false,
    summary: 'All is as expected.',
    origin: {},
    runtimes: [],
    assertions: [],
    omittedAssertions: 0,
    counts: countsOf(targets.flatMap(({ results }) => results)),
    targets,
    certificates: {},
  };
}

/** Text that a peer or a test can bring along, to be text everywhere. */
export const hostile = '</td><img src=x>|`*[a](http://b)\u{1b}[31m\u{202e}\u{0}\n::error::\u{d800}\u{ffff}&"\'%0A';
