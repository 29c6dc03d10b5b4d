import type { SpiffeScenarioId } from '../../../src/scenarios/catalogue/ids/spiffe-ids.ts';
import type { SpiffeSource } from '../../../src/scenarios/run/spiffe/spiffe-source.ts';
import type { SpiffeSuiteOptions } from '../../../src/vitest/suites/spiffe-options.ts';

/** A service that takes its identity from a Workload API. */
export interface SpiffeSubject {
  readonly name: string;
  readonly source: SpiffeSource;
  readonly options?: SpiffeSuiteOptions;
}

/** One that is wrong in one realistic way. */
export interface SpiffeMutant extends SpiffeSubject {
  /** One sentence: what is wrong with it. */
  readonly mistake: string;
  /** What must catch it: ids of scenarios, or the control. */
  readonly caughtBy: readonly [CaughtBy, ...CaughtBy[]];
}

type CaughtBy = SpiffeScenarioId | 'control';
