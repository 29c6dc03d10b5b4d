import type { TlsVersion } from '../../scenarios/catalogue/scenario.ts';
import { bothVersions } from './suite-controls.ts';
import { within } from '../../matchers/test-time.ts';

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
  /** What the one test that stands for them is called, and how it is told from others. */
  readonly id: string;
  readonly title: string;
  readonly differs: string;
  readonly reason: string;
  /** Whether it is so when the test is run. */
  holds(version: TlsVersion): Promise<boolean>;
}

/** Looks, within so many milliseconds. Whatever goes wrong is left to the tests: what is under test may not be there before hooks have run. */
export async function lookFirst(milliseconds: number, look: () => Promise<FirstLook>): Promise<FirstLook> {
  const seen = within(milliseconds, look, () => nothingSeen);
  return seen.catch(() => nothingSeen);
}

/** Whether the tests of a block are skipped, by itself or a block around it: Vitest calls its function all the same. */
export function isSwitchedOff({ suite }: Pick<Block, 'suite'>): boolean {
  for (let block = suite; block; block = block.suite) if (block.mode === 'skip' || block.mode === 'todo') return true;
  return false;
}

/** What is needed of Vitest's own type. */
interface Block {
  readonly mode: string;
  readonly suite?: Block | undefined;
}

/** The one version that is refused; none where both are, or neither. */
export async function versionLacking(refuses: (version: TlsVersion) => Promise<boolean>): Promise<ReadonlySet<TlsVersion>> {
  const refused = await Promise.all(bothVersions.map(async (version) => ((await refuses(version)) ? [version] : [])));
  const lacking = new Set(refused.flat());
  return lacking.size < bothVersions.length ? lacking : new Set();
}

export const nothingSeen: FirstLook = { versions: new Set() };
