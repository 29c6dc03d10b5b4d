import { findingsOf } from '../findings/findings-of.ts';
import { frozenSources, type SourcesInRow } from '../references.ts';
import type { ExpectedOutcome, ScenarioFacts, TlsVersion } from '../scenario.ts';
import type { ReloadScenario } from './reload-scenario.ts';

/** What a scenario about material that changes is defined by. */
export interface ReloadDefinition
  extends
    Pick<ReloadScenario, 'id' | 'trial' | 'needsCrl'>,
    Pick<ScenarioFacts, 'title' | 'differs' | 'tier'>,
    Partial<Pick<ScenarioFacts, 'severity'>>,
    SourcesInRow {
  /** Of both versions of TLS, or of each. */
  readonly expected: ExpectedOutcome | Readonly<Record<TlsVersion, ExpectedOutcome>>;
}

/** A table of scenarios about material that changes. Checks nothing: the tests do. */
export function forReloads(group: 'reload' | 'lifetime', ...definitions: readonly ReloadDefinition[]): readonly ReloadScenario[] {
  return definitions.map(({ expected, ...rest }) => {
    const outcomes = 'verdict' in expected ? Object.freeze({ 'TLSv1.3': expected, 'TLSv1.2': expected }) : expected;
    return Object.freeze({
      ...rest,
      ...frozenSources(rest),
      ...findingsOf({ ...rest, role: 'reload', group, expected: outcomes }),
      group,
      role: 'reload',
      underTest: 'server',
      expected: outcomes,
      divergences: [],
    });
  });
}
