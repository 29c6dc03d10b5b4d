import type { ScenarioFacts } from '../../src/scenarios/catalogue/scenario.ts';
import { type KnownVulnerability, knownVulnerabilities, unread } from './known-vulnerabilities.ts';

/** What is needed of a row of any catalogue. */
export interface RowWithSources extends Pick<ScenarioFacts, 'cves'> {
  readonly id: string;
}

/** One kind of vulnerability, and which scenarios catch it. */
export interface Coverage extends KnownVulnerability {
  /** Every name, with the ids of the scenarios that catch it. */
  readonly names: readonly { readonly name: string; readonly ids: readonly string[] }[];
  /** `yes`: each of its names is caught. `pending`: not yet each, and there is no reason why not. */
  readonly caught: 'yes' | 'no' | 'pending';
}

/** The list, held against the rows. */
export function coverageOf(scenarios: readonly RowWithSources[]): readonly Coverage[] {
  return knownVulnerabilities.map((known) => {
    const names = [...known.cves, ...(known.others ?? [])].map((name) => ({ name, ids: idsFor(name, known, scenarios) }));
    const isCaught = names.every(({ ids }) => ids.length > 0);
    return { ...known, names, caught: known.notCaught ? 'no' : isCaught ? 'yes' : 'pending' };
  });
}

/** docs/cves.md, whole, from the list and the rows. */
export function vulnerabilitiesPage(scenarios: readonly RowWithSources[]): string {
  const coverage = coverageOf(scenarios);
  const count = (caught: Coverage['caught']): number => coverage.filter((each) => each.caught === caught).length;
  const pending = count('pending');
  return [
    '# Published vulnerabilities, and the scenarios that catch them',
    '',
    'Generated from the rows in `src/scenarios/catalogue` and the list in `test/meta/known-vulnerabilities.ts` (`UPDATE_DOCS=1 npx vitest run',
    'test/meta/vulnerabilities-page.test.ts`); a test compares.',
    '',
    'Vulnerabilities of 2023 to 2026 in the checks of client certificates, and in clients that present them, by kind. A kind is caught where a product that has the',
    'fault fails a scenario of the [catalogue](scenarios.md), not where the affected product itself was run. Scenarios of other tiers than `core` are run when they are',
    'named (`only`) or their tier is.',
    '',
    `Of ${coverage.length} kinds ${count('yes')} are caught and ${count('no')} are not${pending > 0 ? `; ${pending} ${pending === 1 ? 'has' : 'have'} no scenario yet` : ''}.`,
    '',
    '| vulnerabilities | product | fault | caught by |',
    '|---|---|---|---|',
    ...coverage.map((each) => tableRow([each.names.map(shownName).join(', '), each.product, each.fault, caughtBy(each)])),
    '',
    '\\* The text of the advisory could not be found in public copies when this list was written: what the line says is second-hand.',
    '',
    '## Other vulnerabilities that rows name',
    '',
    '| vulnerability | scenarios |',
    '|---|---|',
    ...othersIn(scenarios).map(({ name, ids }) => tableRow([name, shownIds(ids)])),
    '',
  ].join('\n');
}

function idsFor(name: string, { by = [] }: KnownVulnerability, scenarios: readonly RowWithSources[]): readonly string[] {
  const rows = scenarios.filter(({ cves }) => cves.some((cve) => cve === name)).map(({ id }) => id);
  const more = by.flatMap(([of, id]) => (of === name && scenarios.some((scenario) => scenario.id === id) ? [id] : []));
  return [...new Set([...rows, ...more])];
}

/** Those that the list does not have, in the order of their numbers. */
function othersIn(scenarios: readonly RowWithSources[]): readonly { readonly name: string; readonly ids: readonly string[] }[] {
  const listed = new Set<string>(knownVulnerabilities.flatMap(({ cves }) => cves));
  const others = new Set(scenarios.flatMap(({ cves }) => cves).filter((cve) => !listed.has(cve)));
  return [...others]
    .toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }))
    .map((name) => ({ name, ids: [...new Set(scenarios.filter(({ cves }) => cves.includes(name)).map(({ id }) => id))] }));
}

function caughtBy({ names, caught, how, notCaught }: Coverage): string {
  const uncaught = names.filter(({ ids }) => ids.length === 0).map(({ name }) => name);
  const ids = [...new Set(names.flatMap((each) => each.ids))];
  if (notCaught) return `no: ${notCaught.reason}${ids.length > 0 ? ` (class: ${shownIds(ids)})` : ''}`;
  const way = how === undefined ? '' : ` (${how})`;
  if (caught === 'yes') return `${shownIds(ids)}${way}`;
  return [ids.length > 0 ? `${shownIds(ids)}${way}` : '', `no scenario yet${ids.length > 0 ? ` for ${uncaught.join(', ')}` : ''}`]
    .filter(Boolean)
    .join('; ');
}

function shownName({ name }: Coverage['names'][number]): string {
  return unread.has(name) ? `${name}\\*` : name;
}

function shownIds(ids: readonly string[]): string {
  return ids.map((id) => `\`${id}\``).join(', ');
}

function tableRow(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
