import { divergenceOf, expectedOf, withAlertsOf } from './expected-outcome.ts';
import type { Played } from './observation.ts';
import type { Divergence, ExpectedOutcome, ScenarioFacts, Stack, TlsVersion } from '../catalogue/scenario.ts';
import { unsuitable, type Weighed } from '../records/scenario-result.ts';

/** What to hold an observation against. */
export interface Expectation {
  /** As the result says it. */
  readonly expected: ExpectedOutcome;
  /** What every stack should answer, unless the user demands something else. */
  readonly usual: ExpectedOutcome;
  /** How this stack is known to answer otherwise; absent where it is not, or the user demands something. */
  readonly known?: Divergence | undefined;
}

/** What to expect of one target: what the user demands, or else what the scenario says, and what is known of the stack. */
export function expectationOf(
  scenario: Pick<ScenarioFacts, 'expected' | 'divergences' | 'stackAlerts'>,
  {
    version,
    stack,
    demanded,
  }: { readonly version: TlsVersion; readonly stack?: Stack | undefined; readonly demanded: ExpectedOutcome | undefined },
): Expectation {
  if (demanded) return { expected: demanded, usual: withAlertsOf(demanded, scenario, { version, stack }) };
  return {
    expected: expectedOf(scenario, { version, stack }),
    usual: withAlertsOf(scenario.expected[version], scenario, { version, stack }),
    known: divergenceOf(scenario, { version, stack }),
  };
}

/**
 * A stack that does what every stack should do passes, whatever it is known for: it may be set up more strictly. One that diverges as it is known to has neither passed
 * nor failed.
 */
export function weighPlayed(played: Played, { expected, usual, known }: Expectation): Weighed {
  const weighed = played.weigh(usual);
  if (!known || weighed.status !== 'unexpected') return weighed;
  const asKnown = played.weigh(expected);
  return asKnown.status === 'as-expected'
    ? unsuitable(`not judged: ${known.stack} is known to answer otherwise than it should, which is not a pass: ${asKnown.message}`)
    : weighed;
}
