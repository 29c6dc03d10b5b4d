import type { BoundTokenScenarioId } from '../../../src/scenarios/catalogue/ids/bound-token-ids.ts';
import type { BoundTokensSource } from '../../../src/scenarios/run/bound-tokens/bound-token-settings.ts';
import type { BoundTokensSuiteOptions } from '../../../src/vitest/suites/bound-tokens-options.ts';

/** A resource server. */
export interface BoundTokenSubject {
  readonly name: string;
  readonly source: BoundTokensSource;
  readonly options?: BoundTokensSuiteOptions;
}

/** One that is wrong in one realistic way. */
export interface BoundTokenMutant extends BoundTokenSubject {
  /** One sentence: what is wrong with it. */
  readonly mistake: string;
  /** What must catch it: ids of scenarios, or the control. */
  readonly caughtBy: readonly [CaughtBy, ...CaughtBy[]];
  /** It reads the chain that its client has sent, which servers of Node.js 24.21 do not give. */
  readonly readsChain?: true;
}

type CaughtBy = BoundTokenScenarioId | 'control';
