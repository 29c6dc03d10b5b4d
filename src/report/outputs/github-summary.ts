import { describeOutcome } from '../../scenarios/records/scenario-result.ts';
import type { Report, ReportResult, ReportTarget } from '../report.ts';
import { countsText } from '../terminal-summary.ts';
import { resultName, shortMessage, statusOrder, statusSigns, targetTitle, visible } from '../words.ts';
import { findingsIn, severityText, type TargetResult } from './finding.ts';
import { lineOf, type SuiteLines } from './suite-lines.ts';

/** GitHub drops a step's summary that is longer (1 MiB). */
export const longestSummary = 1_048_576;

/** The results in Markdown, for GITHUB_STEP_SUMMARY, with a bound in bytes: rows that do not fit are counted in the last line. */
export function githubSummary(report: Report, lines: SuiteLines, mostBytes: number): string {
  const { targets, counts, interrupted } = report;
  const findings = findingsIn(report);
  const heading = `## mtls-fixtures: ${countsText(counts)}${interrupted ? ', interrupted' : ''}`;
  return fitting(
    [
      { head: [heading, '', '| | target | under test | result |', '|---|---|---|---|'], rows: targets.map(targetRow) },
      {
        head: [
          '',
          '### Unexpected',
          '',
          '| severity | target | TLS | scenario | expected | seen | defined at |',
          '|---|---|---|---|---|---|---|',
        ],
        rows: findings.map((finding) => findingRow(finding, lines)),
      },
      { head: ['', '### Not judged', '', '| target | TLS | scenarios | why |', '|---|---|---|---|'], rows: targets.flatMap(unjudgedRows) },
    ],
    mostBytes,
  );
}

interface Section {
  readonly head: readonly string[];
  readonly rows: readonly string[];
}

function targetRow(target: ReportTarget): string {
  const { underTest, counts } = target;
  const sign = statusSigns[statusOrder.find((status) => counts[status] > 0) ?? 'skipped'];
  return row([sign, markdown(targetTitle(target)), underTest, countsText(counts)]);
}

function findingRow({ target, result }: TargetResult, lines: SuiteLines): string {
  return row([
    severityText(result),
    markdown(targetTitle(target)),
    result.version.replace('TLSv', ''),
    markdown(resultName(result)),
    markdown(describeOutcome(result.expected)),
    markdown(shortMessage(result)),
    markdown(`${target.file}:${lineOf(target, lines)}`),
  ]);
}

/** A row for each reason and version: one refused control leaves many results unjudged. */
function unjudgedRows(target: ReportTarget): string[] {
  const unjudged = target.results.filter(({ status }) => status === 'not-judged');
  const alike = Map.groupBy(unjudged, (result) => `${result.version} ${shortMessage(result)}`);
  return [...alike.values()].flatMap((results) => {
    const [first] = results;
    return first
      ? [row([markdown(targetTitle(target)), first.version.replace('TLSv', ''), namesText(results), markdown(shortMessage(first))])]
      : [];
  });
}

function namesText(results: readonly ReportResult[]): string {
  const names = results.slice(0, mostNames).map((result) => markdown(resultName(result)));
  return `${names.join(', ')}${results.length > mostNames ? ` and ${results.length - mostNames} more` : ''}`;
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

/** Text of a peer or a file, which stays text: no markup, no link, no mention, no end of the cell. */
function markdown(text: string): string {
  return visible(text)
    .replaceAll('\n', ' ')
    .replaceAll(/[&<>`|*[\]\\~@#$]|\b_+|_+\b|:(?=\S)/gu, (signs) => signs.replaceAll(/./gu, (sign) => `&#${sign.codePointAt(0)};`))
    .replaceAll(/www\./giu, (start) => `${start.slice(0, 3)}&#46;`);
}

function fitting(sections: readonly Section[], mostBytes: number): string {
  let left = mostBytes - Buffer.byteLength(leftOut(Number.MAX_SAFE_INTEGER));
  let text = '';
  let missing = 0;
  for (const { head, rows } of sections.filter((section) => section.rows.length > 0)) {
    const [heading, ...lines] = [`${head.join('\n')}\n`, ...rows.map((line) => `${line}\n`)];
    // Without its heading a row is not a row of a table.
    const isOpen = take(heading ?? '');
    missing += lines.filter((line) => !(isOpen && take(line))).length;
  }
  return missing === 0 || left < 0 ? text : `${text}${leftOut(missing)}`;

  function take(part: string): boolean {
    const bytes = Buffer.byteLength(part);
    if (bytes > left) return false;
    text += part;
    left -= bytes;
    return true;
  }
}

function leftOut(rows: number): string {
  return `\nRows that are left out, since GitHub shows no more than 1 MiB: ${rows}\n`;
}

const mostNames = 12;
