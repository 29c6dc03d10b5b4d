import { invalidOption, type MtlsFixturesError } from '../../errors/index.ts';
import { outcomeWith } from '../../scenarios/assess/expected-outcome.ts';
import { catalogueDocument, type Scenario } from '../../scenarios/catalogue/catalogue-json.ts';
import { boundTokenScenarios } from '../../scenarios/catalogue/bound-token-catalogue.ts';
import { clientScenarios, serverScenarios } from '../../scenarios/catalogue/catalogue.ts';
import { forwardedScenarios } from '../../scenarios/catalogue/forwarded-catalogue.ts';
import { protocolScenarios } from '../../scenarios/catalogue/protocol-catalogue.ts';
import { describeOutcome } from '../../scenarios/records/scenario-result.ts';
import { type Control, controlOf } from '../../scenarios/catalogue/findings/control.ts';
import { describeSources, weaknessName } from '../../scenarios/catalogue/references.ts';
import type { ScenarioTier } from '../../scenarios/catalogue/scenario.ts';
import { selectScenarios } from '../../scenarios/catalogue/select-scenarios.ts';
import { similarNames } from '../../options/suggestion.ts';
import { exitCodes, type ExitCode } from '../exit-codes.ts';
import { foldWords } from '../output/lines.ts';
import { paint, print, table, widthOf } from '../output/terminal.ts';
import { showCoverage } from './scenarios-covered.ts';

type Role = keyof typeof catalogue;

/** Options of `mtls-fixtures scenarios`. */
export interface ScenariosOptions {
  readonly role?: Role;
  readonly tier?: readonly ScenarioTier[];
  readonly json?: true;
  /** A report whose results are compared with the catalogue. */
  readonly coverage?: string;
}

/** Lists the catalogue, compares it with a report, or explains the scenarios of one id: a client's and a server's may share it. */
export async function showScenarios(id: string | undefined, { role, tier, json, coverage }: ScenariosOptions): Promise<ExitCode> {
  const chosen = roles
    .filter((candidate) => role === undefined || candidate === role)
    .flatMap((of) => selectScenarios(catalogue[of](), { tiers: tier ?? everyTier }).map((scenario) => ({ role: of, scenario })));
  if (coverage !== undefined)
    return showCoverage(
      coverage,
      chosen.map(({ scenario }) => scenario),
      { id, json },
    );
  const found = id === undefined ? chosen : chosen.filter(({ scenario }) => scenario.id === id);
  if (id !== undefined && found.length === 0) throw unknownId(id, chosen);
  if (json) print(JSON.stringify(catalogueDocument(found.map(({ scenario }) => scenario)), null, 2));
  else if (id === undefined) print(table(['role', 'id', 'tier', 'group', 'differs'], found.map(rowOf)));
  else print(found.map(explanation).join('\n\n'));
  return exitCodes.asExpected;
}

interface Found {
  readonly role: Role;
  readonly scenario: Scenario;
}

function rowOf({ role, scenario }: Found): string[] {
  return [role, scenario.id, scenario.tier, scenario.group, scenario.differs];
}

function explanation({ role, scenario }: Found): string {
  const { id, title, group, tier, severity, differs, references, cves, cwes, controls, divergences } = scenario;
  const others = divergences.map(({ stack, version, verdict }) => `${stack}${version === undefined ? '' : ` (${version})`}: ${verdict}`);
  const lines = [
    paint('bold', `${id} (${role})`),
    `  title       ${title}`,
    `  differs     ${differs}`,
    `  group       ${group}, tier ${tier}`,
    `  references  ${describeSources({ references, cves, cwes: [] })}`,
    `  weaknesses  ${cwes.map((cwe) => `${cwe} ${weaknessName(cwe)}`).join('; ') || 'none'}`,
    `  severity    ${severity}`,
    `  controls    ${controlsText(controls.map(controlOf)) || 'none'}`,
    ...outcomesOf(scenario),
    `  divergences ${others.join('; ') || 'none was measured'}`,
  ];
  return lines.map((line) => foldWords(line, widthOf(process.stdout), { indent: 14 })).join('\n');
}

/** Of headers one for HTTP, and the formats that they are tried with. */
function outcomesOf(scenario: Scenario): string[] {
  const { expected } = scenario;
  if (scenario.role === 'forwarded')
    return [`  formats     ${scenario.formats.join(', ')}`, `  HTTP        ${describeOutcome(outcomeWith(scenario, 'HTTP'))}`];
  return [`  TLS 1.3     ${describeOutcome(expected['TLSv1.3'])}`, `  TLS 1.2     ${describeOutcome(expected['TLSv1.2'])}`];
}

/** The clauses by document. */
function controlsText(controls: readonly Control[]): string {
  const documents = Map.groupBy(controls, ({ document }) => document);
  return [...documents].map(([document, own]) => `${document} ${own.map(({ clause }) => clause).join(', ')}`).join('; ');
}

function unknownId(id: string, chosen: readonly Found[]): MtlsFixturesError {
  const ids = [...new Set(chosen.map(({ scenario }) => scenario.id))];
  const near = similarNames(id, ids);
  const like = near.length === 0 ? '; `mtls-fixtures scenarios` lists them' : `, such as ${near.join(', ')}`;
  return invalidOption('id', id, `the id of a scenario${like}`);
}

const catalogue = {
  client: (): readonly Scenario[] => clientScenarios,
  server: (): readonly Scenario[] => serverScenarios,
  protocol: (): readonly Scenario[] => protocolScenarios,
  forwarded: (): readonly Scenario[] => forwardedScenarios,
  'bound-token': (): readonly Scenario[] => boundTokenScenarios,
};
const roles = ['client', 'server', 'protocol', 'forwarded', 'bound-token'] as const;
const everyTier: readonly ScenarioTier[] = ['core', 'control', 'extended', 'varies', 'app'];
