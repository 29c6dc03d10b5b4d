import type { Report, ReportResult, ReportTarget } from '../report.ts';
import { resultName, shortMessage, targetTitle, visible } from '../words.ts';
import { seenText, versionText } from './finding.ts';

/** The results as JUnit XML, valid by Jenkins' junit-10.xsd: a suite for each target and version. Unexpected is a failure, not judged an error. */
export function junitXml(report: Report): string {
  const suites = report.targets.flatMap((target) => target.versions.map((version) => suite(report, target, version)));
  const { counts, durationMs } = report;
  const totals = attributes({
    name: 'mtls-fixtures',
    time: seconds(durationMs),
    tests: Object.values(counts).reduce((sum, count) => sum + count, 0),
    failures: counts.unexpected,
    errors: counts['not-judged'],
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites${totals}>\n${suites.join('\n')}\n</testsuites>\n`;
}

function suite({ startedAt }: Report, target: ReportTarget, version: ReportResult['version']): string {
  const results = target.results.filter((result) => result.version === version);
  const count = (status: ReportResult['status']): number => results.filter((result) => result.status === status).length;
  const title = `${targetTitle(target)} (${versionText(version)})`;
  const head = attributes({
    name: title,
    tests: results.length,
    failures: count('unexpected'),
    errors: count('not-judged'),
    skipped: count('skipped'),
    time: seconds(results.reduce((sum, { testMs = 0 }) => sum + testMs, 0)),
    timestamp: startedAt,
    file: target.file,
  });
  return `  <testsuite${head}>\n${results.map((result) => testcase(title, result)).join('\n')}\n  </testsuite>`;
}

function testcase(classname: string, result: ReportResult): string {
  const head = attributes({ name: `${result.title} [${resultName(result)}]`, classname, time: seconds(result.testMs ?? 0) });
  const outcome = outcomeElement(result);
  return outcome === '' ? `    <testcase${head}/>` : `    <testcase${head}>\n      ${outcome}\n    </testcase>`;
}

function outcomeElement(result: ReportResult): string {
  const { status, message, severity, handshake } = result;
  if (status === 'as-expected') return '';
  if (status === 'skipped') return `<skipped${attributes({ message: shortMessage(result) })}/>`;
  const [kind, type] = status === 'unexpected' ? ['failure', severity] : ['error', status];
  const text = [message, handshake?.explanation].filter((part) => part !== undefined).join('\n\n');
  return `<${kind}${attributes({ type, message: seenText(result) })}>${xmlText(text)}</${kind}>`;
}

function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${xmlText(String(value)).replaceAll('\n', '&#10;')}"`)
    .join('');
}

/** Fit for XML 1.0, which cannot contain control characters, unpaired surrogates, U+FFFE and U+FFFF, not even as references. */
function xmlText(text: string): string {
  return visible(text)
    .replaceAll(/[\u{fffe}\u{ffff}]/gu, '\u{fffd}')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3);
}
