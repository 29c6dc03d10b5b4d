import type { ForwardedFormat } from '../../../src/forwarded/format.ts';
import type { ForwardedScenarioId } from '../../../src/scenarios/catalogue/ids/forwarded-ids.ts';
import type { ForwardedContext, StartedForwardedApplication } from '../../../src/scenarios/run/forwarded/forwarded-source.ts';
import type { ForwardedSuiteOptions } from '../../../src/vitest/suites/forwarded-options.ts';

/** An application under test, and what the suite is told about it. */
export interface ForwardedApplication {
  readonly name: string;
  readonly format: ForwardedFormat;
  readonly start: (context: ForwardedContext) => StartedForwardedApplication | Promise<StartedForwardedApplication>;
  readonly through?: 'proxy';
  readonly options?: ForwardedSuiteOptions;
}

/** One that is broken in one realistic way. */
export interface ForwardedMutant extends ForwardedApplication {
  /** One sentence: what is wrong with it. */
  readonly mistake: string;
  /** Ids of scenarios that must catch it. */
  readonly caughtBy: readonly [ForwardedScenarioId, ...ForwardedScenarioId[]];
}
