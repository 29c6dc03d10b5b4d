import { lazyList } from './lazy-list.ts';
import { damagedFiles } from './reload/damaged-files.ts';
import { lifetimes } from './reload/lifetimes.ts';
import { reloads } from './reload/reloads.ts';
import type { ReloadScenario } from './reload/reload-scenario.ts';

/** What becomes of a server and its connections when the files change that it has read its key, trust anchors and CRLs from. */
export const reloadScenarios: readonly ReloadScenario[] = lazyList(() => [...reloads(), ...damagedFiles(), ...lifetimes()]);
