import { styleText } from 'node:util';
import type { Report, ReportCounts, ReportTarget } from './report.ts';
import { statusOrder, statusSigns, statusWords, targetTitle, visible } from './words.ts';

/** A few lines for the end of a run: each target with its counts, and below it the ids of what was unexpected or could not be judged. */
export function terminalSummary({ targets, counts, interrupted }: Report): string {
  const heading = `${targets.length} ${targets.length === 1 ? 'target' : 'targets'}, ${countsText(counts)}`;
  return [
    `${styleText('bold', 'mtls-fixtures')}  ${heading}${interrupted ? ', interrupted' : ''}`,
    ...targets.flatMap((target) => [targetLine(target), ...concerns(target)]),
  ].join('\n');
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
