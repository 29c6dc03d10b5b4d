import { readdirSync, readFileSync } from 'node:fs';
import { Script } from 'node:vm';
import { expect, test } from 'vitest';
import { linkedSources, pageTemplate } from '../../src/report/page-sources.ts';
import { parse } from '../meta/syntax.ts';

const folder = new URL('../../src/report/page/', import.meta.url);

test('the template links to every style and to the script beside it', () => {
  const files = readdirSync(folder).filter((name) => name.endsWith('.css') || name === 'script.ts');

  expect(Object.keys(linkedSources).toSorted()).toEqual(files.toSorted());
  expect(pageTemplate).toContain('<html lang="en">');
});

test('styles are as they are written, and the script is JavaScript', () => {
  expect(linkedSources['base.css']).toBe(readFileSync(new URL('base.css', folder), 'utf8'));
  expect(() => parse('script.js', readFileSync(new URL('script.ts', folder), 'utf8'))).toThrow('Cannot parse');
  expect(parse('script.js', linkedSources['script.ts'] ?? '').statements.length).toBeGreaterThan(20);
});

test('the script is one file: every module beside it is in it once, before what uses it, and nothing is imported or exported', () => {
  const script = linkedSources['script.ts'] ?? '';
  const modules = readdirSync(folder).filter((name) => name.endsWith('.ts') && name !== 'data.ts');

  expect(modules.length).toBeGreaterThan(4);
  for (const name of modules) {
    const [, first = ''] = /^(?:export )?(?:async )?function (\w+)/mu.exec(readFileSync(new URL(name, folder), 'utf8')) ?? [];
    expect(script.split(new RegExp(`function ${first}\\b`, 'u')), name).toHaveLength(2);
  }
  expect(script.indexOf('function make')).toBeLessThan(script.indexOf('function chainOf'));
  expect(script).not.toMatch(/^(?:import|export) /mu);
  expect(() => new Script(`(async () => {${script}})`)).not.toThrow(); // the same name twice would be an error of syntax
});
