import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { linksOf } from './links.ts';
import { projectRoot } from './syntax.ts';

const page = readFileSync(path.join(projectRoot, 'docs/how-do-i.md'), 'utf8');
const answers = page
  .split(/^## /mu)
  .slice(1)
  .map((section) => section.split('\n').filter((line) => line !== ''))
  .map(([question = '', ...lines]) => ({ question, lines }));

test('the page has at least thirty questions, each once', () => {
  expect(new Set(answers.map(({ question }) => question)).size).toBe(answers.length);
  expect(answers.length).toBeGreaterThanOrEqual(30);
});

test.for(answers)('"$question" is answered in three lines, and then a link', ({ question, lines }) => {
  const [link = '', ...text] = lines.toReversed();

  expect(question).toMatch(/\?$/u);
  expect(text).toHaveLength(3);
  expect(text.flatMap(linksOf)).toEqual([]);
  expect(linksOf(link).length).toBeGreaterThan(0);
});
