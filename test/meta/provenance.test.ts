import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const rows = [...readFileSync('fixtures/README.md', 'utf8').matchAll(/^\| `([^`]+)` \|/gmu)].map(([, file = '']) => file);

test('every file in fixtures has a row that says where it came from', () => {
  const files = readdirSync('fixtures', { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll(path.sep, '/'))
    .filter((file) => statSync(path.join('fixtures', file)).isFile() && file !== 'README.md' && !file.includes('node_modules/'));

  expect(files.length).toBeGreaterThan(0);
  expect(files.filter((file) => !rows.some((row) => file === row || (row.endsWith('/') && file.startsWith(row))))).toEqual([]);
});

test('every row is of something that is there', () => {
  expect(rows.filter((row) => statSync(path.join('fixtures', row), { throwIfNoEntry: false }) === undefined)).toEqual([]);
});

test('no private key is committed', () => {
  const keys = readdirSync('fixtures', { recursive: true, encoding: 'utf8' }).filter((file) => {
    const location = path.join('fixtures', file);
    return statSync(location).isFile() && readFileSync(location, 'latin1').includes('PRIVATE KEY-----');
  });

  expect(keys).toEqual([]);
});
