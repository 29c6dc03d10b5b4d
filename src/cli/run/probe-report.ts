import { printable, printableJson } from '../../errors/printable.ts';
import { paint, table } from '../output/terminal.ts';
import type { ScenarioResult } from '../../scenarios/records/scenario-result.ts';
import type { TestedVersion } from '../../scenarios/catalogue/scenario.ts';

/** What stands in the column of scenarios for the valid client itself. */
export const controlId = 'control';

/** One scenario with one version of TLS, or over HTTP alone. */
export interface ProbeResult extends ScenarioResult {
  readonly version: TestedVersion;
  readonly title: string;
  readonly differs: string;
}

/** The unexpected results as a table, and how many there are of each status. */
export function probeSummary(results: readonly ProbeResult[]): string {
  const judged = results.filter(({ status }) => status !== 'not-judged');
  const unexpected = results.filter(({ status }) => status === 'unexpected');
  const hindered = results.filter(({ status, unsuitable }) => status === 'not-judged' && unsuitable !== true);
  const lacking = results.filter(({ id, unsuitable }) => id === controlId && unsuitable === true);
  const isHttp = results.some(({ version }) => version === 'HTTP');
  const rows = [...unexpected, ...hindered, ...lacking].map(({ status, id, version, message, unsuitable }) => [
    paint(status === 'unexpected' ? 'red' : 'yellow', unsuitable === true ? 'skipped' : status),
    id,
    version.replace('TLSv', ''),
    withoutName(message),
  ]);
  return [
    ...(rows.length === 0 ? [] : [table(['', 'scenario', isHttp ? 'over' : 'TLS', 'what happened'], rows), '']),
    `${judged.length - unexpected.length} of ${judged.length} as expected, ${unexpected.length} not, ${results.length - judged.length} not judged`,
  ].join('\n');
}

/** The first line of a result's message, without the id and the version that stand beside it. */
function withoutName(message: string): string {
  return printable(message.split('\n')[0] ?? '').replace(/^[\w-]+ \([\w.-]+\): /u, '');
}

/** The results as JSON. */
export function jsonReport(address: string, results: readonly ProbeResult[]): string {
  const rows = results.map(({ id, version, title, differs, status, unsuitable, expected, message }) => ({
    id,
    version,
    title,
    differs,
    status,
    unsuitable,
    expected,
    message,
  }));
  return printableJson(JSON.stringify({ target: address, results: rows }, null, 2));
}

/** The results as JUnit XML, which CI systems show: a suite for each version of TLS; what was not judged is an error unless it cannot be. */
export function junitReport(target: string, results: readonly ProbeResult[]): string {
  const suites = Map.groupBy(results, ({ version }) => version);
  const body = [...suites].map(([version, cases]) => {
    const failures = cases.filter(({ status }) => status === 'unexpected').length;
    const skipped = cases.filter(({ unsuitable }) => unsuitable === true).length;
    const errors = cases.filter(({ status, unsuitable }) => status === 'not-judged' && unsuitable !== true).length;
    const counts = `tests="${cases.length}" failures="${failures}" errors="${errors}" skipped="${skipped}"`;
    return `  <testsuite name="${escape(`${target} ${version}`)}" ${counts}>\n${cases.map(testcase).join('\n')}\n  </testsuite>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="mtls-fixtures probe">\n${body.join('\n')}\n</testsuites>\n`;
}

function testcase({ id, version, title, status, unsuitable, message }: ProbeResult): string {
  const name = `name="${escape(`${title} [${id}]`)}" classname="${version}"`;
  if (status === 'as-expected') return `    <testcase ${name}/>`;
  const kind = status === 'unexpected' ? 'failure' : unsuitable === true ? 'skipped' : 'error';
  const [first = ''] = message.split('\n');
  return `    <testcase ${name}><${kind} message="${escape(first)}">${escape(message)}</${kind}></testcase>`;
}

/** What XML 1.0 cannot hold at all becomes a question mark. */
function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, '?');
}
