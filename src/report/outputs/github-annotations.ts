import type { Report } from '../report.ts';
import { resultName, targetTitle, visible } from '../words.ts';
import { severityOf } from '../facts/finding.ts';
import { findingsIn, seenText, type TargetResult, versionText } from './finding.ts';
import { lineOf, type SuiteLines } from './suite-lines.ts';

/**
 * Workflow commands that annotate the lines at which the suites are defined: an error for each unexpected result, the worst first, and a warning for each target of which something was
 * not judged. Vitest's `annotate` would name a line of this library, and its own reporter names none, since these failures have no stack.
 */
export function githubAnnotations(report: Report, lines: SuiteLines, folder: string): readonly string[] {
  const findings = findingsIn(report);
  const shown = findings.slice(0, findings.length > mostErrors ? mostErrors - 1 : mostErrors);
  const rest = findings[shown.length];
  return [
    ...shown.map((finding) => annotation(finding, lines, folder)),
    ...(rest
      ? [
          command('error', `${findings.length - shown.length} more unexpected results`, {
            ...placeOf(rest, lines, folder),
            title: 'mtls-fixtures',
          }),
        ]
      : []),
    ...report.targets
      .filter(({ counts }) => counts['not-judged'] > 0)
      .map((target) =>
        command('warning', `${target.counts['not-judged']} results were not judged`, {
          ...placeOf({ target }, lines, folder),
          title: `${targetTitle(target)}: not judged`,
        }),
      ),
  ];
}

function annotation(finding: TargetResult, lines: SuiteLines, folder: string): string {
  const { target, result } = finding;
  const severity = severityOf(result);
  return command('error', `${targetTitle(target)}, ${versionText(result.version)}: ${result.title}: ${seenText(result)}`, {
    ...placeOf(finding, lines, folder),
    title: `${resultName(result)}${severity === undefined ? '' : ` (${severity})`}`,
  });
}

function placeOf(
  { target }: Pick<TargetResult, 'target'>,
  lines: SuiteLines,
  folder: string,
): { readonly file: string; readonly line: string } {
  return { file: `${folder}${target.file}`, line: String(lineOf(target, lines)) };
}

/** `::error file=a.test.ts,line=3,title=expired-leaf::...`, escaped as GitHub's own toolkit does. */
function command(level: 'error' | 'warning', message: string, properties: Readonly<Record<string, string>>): string {
  const given = Object.entries(properties).map(
    ([name, value]) => `${name}=${escapeData(value).replaceAll(':', '%3A').replaceAll(',', '%2C')}`,
  );
  return `::${level} ${given.join(',')}::${escapeData(message)}`;
}

function escapeData(text: string): string {
  return visible(text).replaceAll('%', '%25').replaceAll('\n', '%0A');
}

/** GitHub shows ten errors of a step, and drops those that follow. */
const mostErrors = 10;
