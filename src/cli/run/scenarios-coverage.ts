import { outcomeWith } from '../../scenarios/assess/expected-outcome.ts';
import { type Control, allControls } from '../../scenarios/catalogue/findings/control.ts';
import type { Scenario } from '../../scenarios/catalogue/catalogue-json.ts';
import { type Cve, type Cwe, weaknessName } from '../../scenarios/catalogue/references.ts';
import type { JudgedResult } from './scenarios-report.ts';

/** Which controls, vulnerability classes and weaknesses a run has covered. */
export interface Coverage {
  /** Changes when the shape does. */
  readonly schema: 1;
  readonly scenarios: Covered;
  readonly controls: readonly (Covered & Control)[];
  readonly cves: readonly (Covered & { readonly id: Cve })[];
  readonly cwes: readonly (Covered & { readonly id: Cwe; readonly title: string })[];
}

/** How much of a control, a class or the catalogue a run has covered. Ids of scenarios are preceded by the end under test: `server/expired-leaf`. */
export interface Covered {
  /** A scenario of it was run and judged: as expected or not. */
  readonly covered: boolean;
  /** How many scenarios there are, and how many were judged with at least one version of TLS. */
  readonly total: number;
  readonly judged: number;
  /** Judged, and unexpected with at least one version or target. */
  readonly unexpected: readonly string[];
  /** Not run, skipped, not judged, or judged by another expectation than the scenario's. */
  readonly missing: readonly string[];
}

/** Compares the results of a run with the catalogue, or with a part of it. */
export function coverageOf(scenarios: readonly Scenario[], results: readonly JudgedResult[]): Coverage {
  const statuses = new Map<string, Set<JudgedResult['status']>>();
  const known = new Map(scenarios.map((scenario) => [keyOf(scenario), scenario]));
  for (const result of results) {
    const scenario = known.get(result.key);
    if (scenario && shows(result, scenario)) statuses.set(result.key, (statuses.get(result.key) ?? new Set()).add(result.status));
  }
  const covered = (own: readonly Scenario[]): Covered => {
    const keys = own.map(keyOf);
    const judged = keys.filter((key) => statuses.has(key));
    return {
      covered: judged.length > 0,
      total: keys.length,
      judged: judged.length,
      unexpected: judged.filter((key) => statuses.get(key)?.has('unexpected')),
      missing: keys.filter((key) => !judged.includes(key)),
    };
  };
  const partWith = (has: (scenario: Scenario) => boolean): Covered => covered(scenarios.filter(has));
  return {
    schema: 1,
    scenarios: covered(scenarios),
    controls: allControls()
      .map((control) =>
        Object.assign(
          control,
          partWith(({ controls }) => controls.includes(control.id)),
        ),
      )
      .filter(({ total }) => total > 0),
    cves: idsIn(scenarios, ({ cves }) => cves).map((id) =>
      Object.assign(
        { id },
        partWith(({ cves }) => cves.includes(id)),
      ),
    ),
    cwes: idsIn(scenarios, ({ cwes }) => cwes).map((id) =>
      Object.assign(
        { id, title: weaknessName(id) },
        partWith(({ cwes }) => cwes.includes(id)),
      ),
    ),
  };
}

/**
 * Whether a result was judged by what the scenario demands. One that a suite is told to accept although it has to be rejected shows nothing, nor does an impersonated peer that
 * TLS accepts where the suite was not told which peer the application authorizes.
 */
function shows({ version, expected, status }: JudgedResult, scenario: Scenario): boolean {
  const demanded = scenario.impersonates ? 'rejected' : outcomeWith(scenario, version).verdict;
  return (status === 'as-expected' || status === 'unexpected') && (demanded === 'accepted' || expected === 'rejected');
}

/** The end under test and the id, which a client's and a server's scenario may share. */
function keyOf(scenario: Scenario): string {
  const { id, role } = scenario;
  if (role === 'protocol' || role === 'forwarded' || role === 'bound-token') return `${scenario.underTest}/${id}`;
  return `${role === 'client' ? 'server' : 'client'}/${id}`;
}

function idsIn<Id extends string>(scenarios: readonly Scenario[], idsOf: (scenario: Scenario) => readonly Id[]): Id[] {
  return [...new Set(scenarios.flatMap(idsOf))].toSorted(new Intl.Collator('en', { numeric: true }).compare);
}
