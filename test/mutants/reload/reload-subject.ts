import type { ReloadSource } from '../../../src/scenarios/run/reload/reload-source.ts';
import type { ReloadSuiteOptions } from '../../../src/vitest/suites/reload-options.ts';

/** A server that reads its material from files, and again. Made anew for each use: the parts of a source share what they have started. */
export interface ReloadSubject {
  readonly name: string;
  readonly source: () => ReloadSource;
  readonly options?: ReloadSuiteOptions;
}

/** One that is broken in one realistic way. */
export interface ReloadMutant extends ReloadSubject {
  /** One sentence: what is wrong with it. */
  readonly mistake: string;
  /** Ids of scenarios that must catch it. */
  readonly caughtBy: readonly [string, ...string[]];
}
