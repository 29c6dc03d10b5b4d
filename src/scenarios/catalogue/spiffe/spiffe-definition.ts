import { findingsOf } from '../findings/findings-of.ts';
import { frozenSources, type Reference, type SourcesInRow } from '../references.ts';
import type { ExpectedOutcome, ScenarioFacts, TlsVersion } from '../scenario.ts';
import type { SpiffeScenario } from './spiffe-scenario.ts';

/** What a scenario about workloads is defined by. */
export interface SpiffeDefinition
  extends
    Pick<SpiffeScenario, 'id' | 'trial' | 'needsFederated'>,
    Pick<ScenarioFacts, 'title' | 'differs' | 'tier'>,
    Partial<Pick<ScenarioFacts, 'severity'>>,
    SourcesInRow {
  /** Of both versions of TLS, or of each. */
  readonly expected: ExpectedOutcome | Readonly<Record<TlsVersion, ExpectedOutcome>>;
}

/** A table of scenarios about workloads. Checks nothing: the tests do. */
export function forWorkloads(...definitions: readonly SpiffeDefinition[]): readonly SpiffeScenario[] {
  return definitions.map(({ expected, ...rest }) => {
    const outcomes = 'verdict' in expected ? Object.freeze({ 'TLSv1.3': expected, 'TLSv1.2': expected }) : expected;
    return Object.freeze({
      ...rest,
      ...frozenSources(rest),
      ...findingsOf({ ...rest, role: 'spiffe', group: 'spiffe', expected: outcomes }),
      group: 'spiffe',
      role: 'spiffe',
      underTest: 'server',
      expected: outcomes,
      divergences: [],
    });
  });
}

/** Where the verifier's bundle is chosen. */
export const bundleOfDomain: Reference = {
  document: 'SPIFFE Workload API',
  section: '4.6',
  note: "the bundle of the peer's trust domain, without which it is untrusted",
};
/** A validator's duty. */
export const leafValidation: Reference = { document: 'X509-SVID', section: '5.2' };
/** Each message replaces the one before. */
export const fullState: Reference = {
  document: 'SPIFFE Workload API',
  section: '4.3',
  note: 'every message is the full set of information',
};
/** What is missing was withdrawn. */
export const redaction: Reference = { document: 'SPIFFE Workload API', section: '4.4', note: 'what is missing is withdrawn' };
