import type { Scenario } from '../../src/scenarios/catalogue/catalogue-json.ts';
import { type Control, allControls } from '../../src/scenarios/catalogue/findings/control.ts';

/** docs/controls.md, whole, from the data. */
export function controlsPage(scenarios: readonly Scenario[]): string {
  const controls = allControls();
  const documents = [...new Set(controls.map(({ document }) => document))];
  return [
    '# Which scenarios show which control',
    '',
    'Generated from the data in `src/scenarios/catalogue/findings` (`UPDATE_DOCS=1 npx vitest run test/meta/controls-page.test.ts`); a test compares.',
    '',
    'A target that accepts what a scenario expects to be rejected violates the controls that the scenario is listed under. A target that answers all of them as',
    'expected has shown what these scenarios can show, which is not conformance: the column "beyond" says what no scenario shows. Clauses that no scenario is about are',
    "not listed. The words are this project's; what binds is the text behind the link. `npx mtls-fixtures scenarios --coverage report.json` says which of these controls a run",
    'covered ([Outputs for CI](ci-outputs.md#coverage)).',
    '',
    ...documents.map((document) =>
      section(
        document,
        controls.filter((control) => control.document === document),
        scenarios,
      ),
    ),
  ].join('\n');
}

function section(document: string, controls: readonly Control[], scenarios: readonly Scenario[]): string {
  const head = `## ${document}\n\n| clause | what it demands | beyond | servers under test | clients under test |\n|---|---|---|---|---|`;
  return `${head}\n${controls.map((control) => row(control, scenarios)).join('\n')}\n`;
}

function row({ id, clause, title, beyond = '', url }: Control, scenarios: readonly Scenario[]): string {
  const showing = scenarios.filter(({ controls }) => controls.includes(id));
  const ids = (side: 'client' | 'server'): string =>
    showing
      .filter((scenario) => underTest(scenario) === side)
      .map((scenario) => `\`${scenario.id}\``)
      .join(' ');
  return `| ${[`[${clause}](${url})`, title, beyond, ids('server'), ids('client')].join(' | ')} |`;
}

function underTest(scenario: Scenario): 'client' | 'server' {
  if (scenario.role === 'protocol' || scenario.role === 'forwarded' || scenario.role === 'bound-token') return scenario.underTest;
  return scenario.role === 'client' ? 'server' : 'client';
}
