import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

/** An installed package. */
export interface Dependency {
  readonly name: string;
  readonly version: string;
  /** As its package.json says; empty where it says nothing. */
  readonly license: string;
  /** What requires it. */
  readonly by: string;
}

/** What is installed with a package for those who use it: its dependencies and theirs, found as Node finds them. Peers and development dependencies are the user's own. */
export function productionDependencies(folder: string): readonly Dependency[] {
  const found = new Map<string, Dependency>();
  const visit = (from: string, by: string): void => {
    const { dependencies = {}, optionalDependencies = {} } = manifestOf(from);
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
      const place = installedIn(from, name);
      if (place === undefined && name in optionalDependencies) continue;
      if (place === undefined) throw new Error(`${by} requires ${name}, which is not installed`);
      if (found.has(place)) continue;
      const { version = '', license, licenses } = manifestOf(place);
      found.set(place, { name, version, license: licenseOf(license ?? licenses), by });
      visit(place, name);
    }
  };
  visit(folder, manifestOf(folder).name ?? 'this');
  return [...found.values()];
}

/** Licences that let every user use, change and redistribute, with the one duty of naming the authors: SPDX identifiers. */
const allowed = new Set([
  'MIT',
  'MIT-0',
  'ISC',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'Apache-2.0',
  'Unlicense',
  'CC0-1.0',
  'BlueOak-1.0.0',
]);

/** Whether a licence is one of those, or leaves the choice of one; of `A AND B` both have to be. */
export function isAllowed(license: string): boolean {
  const expression = license.trim().replace(/^\((.*)\)$/u, '$1');
  if (/[()]/u.test(expression)) return false; // no dependency here has one, and its parts would have to be read
  return expression.split(/ OR /u).some((choice) => choice.split(/ AND /u).every((one) => allowed.has(one.trim())));
}

interface Manifest {
  readonly name?: string;
  readonly version?: string;
  readonly license?: unknown;
  readonly licenses?: unknown;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

function manifestOf(folder: string): Manifest {
  return JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as Manifest;
}

/** Not by `require.resolve`, to which many packages do not show their package.json. */
function installedIn(folder: string, name: string): string | undefined {
  const places = createRequire(path.join(folder, 'package.json')).resolve.paths(name) ?? [];
  return places.map((place) => path.join(place, name)).find((place) => tryTo(() => manifestOf(place)) !== undefined);
}

/** Before SPDX there were `{ type }` and lists of them. */
function licenseOf(license: unknown): string {
  if (Array.isArray(license)) return license.map(licenseOf).join(' OR ');
  const type: unknown = typeof license === 'object' && license !== null && 'type' in license ? license.type : license;
  return typeof type === 'string' ? type : '';
}

function tryTo<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
