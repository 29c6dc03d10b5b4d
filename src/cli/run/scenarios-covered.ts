import { invalidOption } from '../../errors/index.ts';
import type { Scenario } from '../../scenarios/catalogue/catalogue-json.ts';
import { exitCodes, type ExitCode } from '../exit-codes.ts';
import { paint, print, table } from '../output/terminal.ts';
import { type Coverage, coverageOf, type Covered } from './scenarios-coverage.ts';
import { readReport } from './scenarios-report.ts';

/** Prints which controls, vulnerability classes and weaknesses the run of a report has covered. */
export function showCoverage(
  file: string,
  scenarios: readonly Scenario[],
  { id, json }: { readonly id: string | undefined; readonly json: true | undefined },
): ExitCode {
  if (id !== undefined) throw invalidOption('id', id, 'absent with --coverage; --role and --tier choose a part of the catalogue');
  const coverage = coverageOf(scenarios, readReport(file));
  print(json ? JSON.stringify(coverage, null, 2) : coverageText(coverage));
  return exitCodes.asExpected;
}

function coverageText({ scenarios, controls, cves, cwes }: Coverage): string {
  return [
    `${scenarios.judged} of ${scenarios.total} scenarios were judged; a clause is covered where at least one of its scenarios was`,
    '',
    section(
      'control',
      controls.map((control) => [`${control.document} ${control.clause}`, control]),
    ),
    '',
    section(
      'class of',
      cves.map((cve) => [cve.id, cve]),
    ),
    '',
    section(
      'weakness',
      cwes.map((cwe) => [cwe.id, cwe]),
    ),
  ].join('\n');
}

function section(heading: string, rows: readonly (readonly [name: string, covered: Covered])[]): string {
  const covered = rows.filter(([, row]) => row.covered).length;
  return table(
    [heading, `${covered} of ${rows.length} covered`, 'judged', 'unexpected'],
    rows.map(([name, row]) => [name, stateOf(row), `${row.judged} of ${row.total}`, shortList(row.unexpected)]),
  );
}

function stateOf({ covered, unexpected }: Covered): string {
  if (!covered) return paint('yellow', 'not covered');
  return unexpected.length === 0 ? paint('green', 'covered') : paint('red', 'unexpected');
}

function shortList(ids: readonly string[]): string {
  const [first, second] = ids;
  if (first === undefined) return '';
  return second === undefined ? first : `${first} and ${ids.length - 1} more`;
}
