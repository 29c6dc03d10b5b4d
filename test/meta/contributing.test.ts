import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { projectRoot } from './syntax.ts';

const read = (file: string): string => readFileSync(path.join(projectRoot, file), 'utf8');

const tables: readonly (readonly [what: string, heading: string, field: 'dependencies' | 'peerDependencies'])[] = [
  ['production dependency', 'Production dependencies, each with its reason', 'dependencies'],
  ['optional peer', 'Optional peers, each with its reason', 'peerDependencies'],
];

test.for(tables)('there is one row for every %s, with its place and its reason', ([, heading, field]) => {
  const packages = (JSON.parse(read('package.json')) as Readonly<Record<typeof field, Readonly<Record<string, string>>>>)[field]; // npm's own format
  const [, section = ''] = read('CONTRIBUTING.md').split(`## ${heading}\n`);
  const [table = ''] = section.split('\n## ');
  const rows = table.split('\n').filter((line) => line.startsWith('|'));
  const [head, rule, ...body] = rows.map((row) => row.split('|').slice(1, -1));

  expect([head?.map((cell) => cell.trim()), rule]).toEqual([
    ['package', 'where', 'why'],
    ['---', '---', '---'],
  ]);
  expect(body.map(([name = '']) => name.trim().replaceAll('`', '')).toSorted()).toEqual(Object.keys(packages).toSorted());
  expect(body.filter((cells) => cells.length !== 3 || cells.some((cell) => cell.trim().length < 3))).toEqual([]);
  for (const [name = '', where = ''] of body)
    for (const [, place = ''] of where.matchAll(/`(src\/[^`]*)`/gu))
      expect(importersIn(place, name.trim().replaceAll('`', '')), place).not.toEqual([]);
});

/** The files at a path, or below it, that import a package. */
function importersIn(place: string, name: string): readonly string[] {
  const files = place.endsWith('.ts') ? [place] : globSync(`${place}/**/*.ts`, { cwd: projectRoot });
  return files.filter((file) => new RegExp(`(?:from |import\\()'${name}['/]`, 'u').test(read(file)));
}

test('every peer is optional', () => {
  const { peerDependencies, peerDependenciesMeta } = JSON.parse(read('package.json')) as {
    readonly peerDependencies: Readonly<Record<string, string>>;
    readonly peerDependenciesMeta: Readonly<Record<string, { readonly optional: boolean }>>;
  };

  expect(peerDependenciesMeta).toEqual(Object.fromEntries(Object.keys(peerDependencies).map((name) => [name, { optional: true }])));
});
