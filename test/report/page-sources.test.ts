import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { linkedSources, pageTemplate } from '../../src/report/page-sources.ts';
import { parse } from '../meta/syntax.ts';

const folder = new URL('../../src/report/page/', import.meta.url);

test('the template links to every style and script beside it', () => {
  const files = readdirSync(folder).filter((name) => /\.(?:css|ts)$/u.test(name) && name !== 'data.ts');

  expect(Object.keys(linkedSources).toSorted()).toEqual(files.toSorted());
  expect(pageTemplate).toContain('<html lang="en">');
});

test('styles are as they are written, and the script is JavaScript', () => {
  expect(linkedSources['base.css']).toBe(readFileSync(new URL('base.css', folder), 'utf8'));
  expect(() => parse('script.js', readFileSync(new URL('script.ts', folder), 'utf8'))).toThrow('Cannot parse');
  expect(parse('script.js', linkedSources['script.ts'] ?? '').statements.length).toBeGreaterThan(20);
});
