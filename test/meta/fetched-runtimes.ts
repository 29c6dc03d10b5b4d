import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { projectRoot } from './syntax.ts';

/** The Vitest of this project, and the oldest that is promised, where `.ci/nodes fetch` has fetched it. */
export function vitests(): readonly (readonly [string, string])[] {
  const own = ['Vitest 5', path.join(projectRoot, 'node_modules', 'vitest')] as const;
  const oldest = fetchedPackage('vitest');
  return oldest === undefined ? [own] : [own, ['Vitest 4.1', oldest]];
}

/** The Jest of this project, and the newest, where `.ci/nodes fetch` has fetched it. */
export function jests(): readonly (readonly [string, string])[] {
  const own = ['Jest 29', path.join(projectRoot, 'node_modules', 'jest')] as const;
  const newest = fetchedPackage('jest-30');
  return newest === undefined ? [own] : [own, ['Jest 30', newest]];
}

/** The folder of a package that `.ci/nodes fetch` has fetched. Where it has not, the tests are left out loudly; under CI they fail. */
function fetchedPackage(name: string): string | undefined {
  const lock = readFileSync(path.join(projectRoot, '.ci', 'runtimes', 'package-lock.json'));
  const version = createHash('sha256').update(lock).digest('hex').slice(0, 12);
  const cache = process.env['XDG_CACHE_HOME'] ?? path.join(os.homedir(), '.cache');
  const folder = path.join(cache, `mtls-fixtures-runtimes-${version}`, 'node_modules', name);
  if (existsSync(folder)) return folder;
  const missing = `"${folder}" is not there, so nothing is tested with it; run .ci/nodes fetch`;
  if (process.env['CI']) throw new Error(missing);
  // oxlint-disable-next-line no-console -- what is not tested must not pass unnoticed
  console.warn(missing);
  return undefined;
}
