import type { Report, ReportResult } from '../report.ts';
import { resultName, shortMessage, targetTitle, visible } from '../words.ts';
import { fingerprintOf, resultsIn, type TargetResult, versionText } from './finding.ts';
import { lineOf, type SuiteLines } from './suite-lines.ts';

/** The results in the Common Test Report Format 1.0, as JSON. What was not judged has the status `other`. */
export function ctrfJson(report: Report, lines: SuiteLines, packageVersion: string): string {
  const { counts, startedAt, durationMs } = report;
  const start = Date.parse(startedAt);
  const results = resultsIn(report);
  const document = {
    reportFormat: 'CTRF',
    specVersion: '1.0.0',
    timestamp: startedAt,
    generatedBy: 'mtls-fixtures',
    results: {
      tool: { name: 'mtls-fixtures', version: packageVersion },
      summary: {
        tests: results.length,
        passed: counts['as-expected'],
        failed: counts.unexpected,
        skipped: counts.skipped,
        pending: 0,
        other: counts['not-judged'],
        suites: report.targets.length,
        start,
        stop: start + durationMs,
      },
      tests: results.map((result) => test(result, lines)),
    },
  };
  return `${JSON.stringify(document, null, 1)}\n`;
}

function test(found: TargetResult, lines: SuiteLines): object {
  const { target, result } = found;
  const { status, group, tier, severity, cwes, cves, controls, handshake, retries } = result;
  return {
    name: `${visible(result.title)} [${resultName(result)}]`,
    status: statuses[status],
    rawStatus: status,
    duration: Math.round(result.testMs ?? 0),
    suite: [visible(targetTitle(target)), versionText(result.version)],
    filePath: target.file,
    line: lineOf(target, lines),
    type: 'integration',
    tags: [group, tier, severity, ...cwes],
    ...(status !== 'as-expected' && { message: visible(shortMessage(result)) }),
    ...(status !== 'as-expected' && handshake && { trace: visible(handshake.explanation) }),
    ...(retries !== undefined && { retries, flaky: status === 'as-expected' }),
    extra: {
      mtlsFixtures: {
        id: result.id,
        kind: result.kind,
        underTest: target.underTest,
        version: result.version,
        severity,
        cwes,
        cves,
        controls,
        fingerprint: fingerprintOf(found),
      },
    },
  };
}

const statuses: Readonly<Record<ReportResult['status'], 'passed' | 'failed' | 'skipped' | 'other'>> = {
  'as-expected': 'passed',
  unexpected: 'failed',
  'not-judged': 'other',
  skipped: 'skipped',
};
