import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { projectRoot } from './syntax.ts';

const read = (file: string): string => readFileSync(path.join(projectRoot, file), 'utf8');

test('the table of dependencies has one row for every production dependency, with its place and its reason', () => {
  const { dependencies } = JSON.parse(read('package.json')) as { readonly dependencies: Readonly<Record<string, string>> }; // npm's own format
  const [, section = ''] = read('CONTRIBUTING.md').split('## Production dependencies, each with its reason\n');
  const [table = ''] = section.split('\n## ');
  const rows = table.split('\n').filter((line) => line.startsWith('|'));
  const [head, rule, ...body] = rows.map((row) => row.split('|').slice(1, -1));

  expect([head?.map((cell) => cell.trim()), rule]).toEqual([
    ['package', 'where', 'why'],
    ['---', '---', '---'],
  ]);
  expect(body.map(([name = '']) => name.trim().replaceAll('`', '')).toSorted()).toEqual(Object.keys(dependencies).toSorted());
  expect(body.filter((cells) => cells.length !== 3 || cells.some((cell) => cell.trim().length < 3))).toEqual([]);
});
