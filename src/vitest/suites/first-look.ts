import type { TlsVersion } from '../../scenarios/catalogue/scenario.ts';
import { within } from '../../matchers/test-time.ts';
import { bothVersions } from './suite-options.ts';

/**
 * What an end under test was found to lack when the tests were defined, so that they need not be defined one by one. A first look only: the one test that stands for them
 * looks again, and fails where it is otherwise.
 */
export interface FirstLook {
  readonly versions: ReadonlySet<TlsVersion>;
  /** Ids of the scenarios that cannot be run, and why. */
  readonly group?: UnfitScenarios | undefined;
}

/** Scenarios that an end under test cannot take part in, all for one reason. */
export interface UnfitScenarios {
  readonly ids: readonly string[];
  /** The id and title of the one test that stands for them. */
  readonly id: string;
  readonly title: string;
  readonly differs: string;
  readonly reason: string;
  /** Whether it is so when the test is run. */
  holds(version: TlsVersion): Promise<boolean>;
}

/** Looks for a limited number of milliseconds. Errors are left to the tests: what is under test may not be there before hooks have run. */
export async function lookFirst(milliseconds: number, look: () => Promise<FirstLook>): Promise<FirstLook> {
  const seen = within(milliseconds, look, () => nothingSeen);
  return seen.catch(() => nothingSeen);
}

/** The one version that is refused; none where both are, or neither. */
export async function versionLacking(refuses: (version: TlsVersion) => Promise<boolean>): Promise<ReadonlySet<TlsVersion>> {
  const refused = await Promise.all(bothVersions.map(async (version) => ((await refuses(version)) ? [version] : [])));
  const lacking = new Set(refused.flat());
  return lacking.size < bothVersions.length ? lacking : new Set();
}

export const nothingSeen: FirstLook = { versions: new Set() };
