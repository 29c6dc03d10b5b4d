import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { headerFormats } from '../../src/forwarded/formats.ts';
import { projectRoot } from './syntax.ts';

const page = readFileSync(path.join(projectRoot, 'docs/forwarded.md'), 'utf8');
const [, section = ''] = page.split('\n## The formats\n');
const [head = [], ...rows] = (section.split('\n## ')[0] ?? '')
  .split('\n')
  .filter((line) => line.startsWith('| '))
  .map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
const codeIn = (cell = ''): string[] => [...cell.matchAll(/`(?<code>[^`]+)`/gu)].map(({ groups }) => groups?.['code'] ?? '');

test('the table has a row for each format, in order', () => {
  expect(head).toEqual(['format', 'headers', 'encoding', 'one that the client sends', 'without a certificate', 'compared with']);
  expect(rows.map(([format]) => codeIn(format))).toEqual(headerFormats.map(({ format }) => [format]));
});

test.for(headerFormats)('the row of $format names each of its headers, and leaves no cell empty', ({ format, names }) => {
  const row = rows.find(([cell]) => codeIn(cell).includes(format)) ?? [];

  expect(codeIn(row[1])).toEqual(Object.values(names));
  expect(row.filter((cell) => cell === '')).toEqual([]);
});

test('what the page says of formats that say nothing about the verification is what they read', () => {
  const silent = /^No header of (?<formats>.+) says whether/mu.exec(page)?.groups?.['formats'];
  const client = { certificates: [], verified: false, chain: true };

  for (const format of codeIn(silent)) {
    const row = headerFormats.find((each) => each.format === format);
    expect(row?.write(client)).toEqual(row?.write({ ...client, verified: true }));
  }
  expect(codeIn(silent).length).toBeGreaterThan(4);
});
