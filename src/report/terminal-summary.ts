import { styleText } from 'node:util';
import { comparisonText } from './facts/baseline.ts';
import { countsOf, type Report, type ReportCounts, type ReportTarget } from './report.ts';
import { moment, statusOrder, statusSigns, statusWords, targetTitle, visible } from './words.ts';

/** A few lines for the end of a run: each target with its counts, and below it the ids of what was unexpected or could not be judged. */
export function terminalSummary(report: Report): string {
  const { targets, counts, interrupted } = report;
  const heading = `${targets.length} ${targets.length === 1 ? 'target' : 'targets'}, ${countsText(counts)}`;
  const lines = targets.flatMap((target) => [targetLine(target)].concat(concerns(target)));
  const heads = [`${styleText('bold', 'mtls-fixtures')}  ${heading}${interrupted ? ', interrupted' : ''}`];
  return heads.concat(lines, assertionLine(report), `  ${visible(report.summary)}`, comparison(report)).join('\n');
}

function assertionLine({ assertions, omittedAssertions }: Report): string[] {
  const { length } = assertions;
  return length === 0
    ? []
    : [
        `  ${length} ${length === 1 ? 'assertion' : 'assertions'}: ${countsText(countsOf(assertions))}${omittedAssertions > 0 ? `, and ${omittedAssertions} that were not recorded` : ''}`,
      ];
}

/** How the run differs from an earlier one, and what fails that did not. */
function comparison({ comparison: compared }: Report): string[] {
  if (!compared) return [];
  const { startedAt, newlyFailing } = compared;
  const more = newlyFailing.length > mostIds ? [`      and ${newlyFailing.length - mostIds} more`] : [];
  const failing = newlyFailing.slice(0, mostIds).map(({ key }) => `      ${styleText('red', 'newly failing')} ${visible(key)}`);
  return [`  compared with the run of ${moment(startedAt)}: ${comparisonText(compared)}`, ...failing, ...more];
}

function targetLine(target: ReportTarget): string {
  const { underTest, counts } = target;
  const status = statusOrder.find((word) => counts[word] > 0) ?? 'skipped';
  return `  ${styleText(colors[status], statusSigns[status])} ${visible(targetTitle(target))} (${underTest}): ${countsText(counts)}`;
}

/** Such as `unexpected TLSv1.3: expired-leaf, unknown-ca`. */
function concerns({ results, versions }: ReportTarget): string[] {
  return (['unexpected', 'not-judged'] as const).flatMap((status) =>
    versions.flatMap((version) => {
      const concerned = results.filter((result) => result.status === status && result.version === version);
      if (concerned.length === 0) return [];
      const ids = concerned.slice(0, mostIds).map(({ id, kind }) => (kind === 'last-control' ? 'control at the end' : visible(id)));
      const more = concerned.length > mostIds ? ` and ${concerned.length - mostIds} more` : '';
      return [`      ${styleText(colors[status], statusWords[status])} ${version}: ${ids.join(', ')}${more}`];
    }),
  );
}

/** `29 of 35 as expected, 6 unexpected`. */
export function countsText(counts: ReportCounts): string {
  const judged = counts['as-expected'] + counts.unexpected;
  const others = (['unexpected', 'not-judged', 'skipped'] as const).filter((status) => counts[status] > 0);
  return [`${counts['as-expected']} of ${judged} as expected`, ...others.map((status) => `${counts[status]} ${statusWords[status]}`)].join(
    ', ',
  );
}

const mostIds = 12;
const colors = { 'as-expected': 'green', unexpected: 'red', 'not-judged': 'yellow', skipped: 'gray' } as const;
