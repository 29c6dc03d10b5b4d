import { findingsOf } from '../findings/findings-of.ts';
import { accepted, byVersion, rejectedBy } from '../protocol-definition.ts';
import { frozenSources, type Reference, type SourcesInRow } from '../references.ts';
import type { ScenarioFacts } from '../scenario.ts';
import type { BoundTokenRequest, BoundTokenScenario, BoundTokenTrial } from './bound-token-scenario.ts';

/** What a scenario about bound tokens is defined by. */
export interface BoundTokenDefinition
  extends
    Pick<BoundTokenScenario, 'id'>,
    Pick<ScenarioFacts, 'title' | 'differs' | 'tier'>,
    Partial<Pick<ScenarioFacts, 'severity'>>,
    SourcesInRow,
    Pick<BoundTokenTrial, 'where'> {
  readonly requests: readonly BoundTokenRequest[];
  /** Default `own`. */
  readonly connections?: BoundTokenTrial['connections'];
}

/** A table of scenarios about bound tokens: those of the tier `control` are to be accepted, the others refused. Checks nothing: the tests do. */
export function forBoundTokens(...definitions: readonly BoundTokenDefinition[]): readonly BoundTokenScenario[] {
  return definitions.map(({ requests, connections = 'own', where, ...rest }) => {
    const expected = rest.tier === 'control' ? accepted : rejectedBy('server');
    const outcomes = byVersion(expected, expected);
    return Object.freeze({
      ...rest,
      ...frozenSources(rest),
      ...findingsOf({ ...rest, role: 'bound-token', group: 'bound-tokens', expected: outcomes }),
      group: 'bound-tokens',
      role: 'bound-token',
      underTest: 'server',
      trial: Object.freeze({ requests, connections, ...(where && { where }) }),
      expected: outcomes,
      divergences: [],
    });
  });
}

/** What the resource server has to compare. */
export const comparison: Reference = { rfc: 8705, section: '3', note: 'certificates that do not match: 401, invalid_token' };
/** The client shows its own token: for requests before the one that is judged. */
export const ownToken: BoundTokenRequest = { presents: 'client', tokens: [{ boundTo: 'client' }] };
