import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { anchorsOf, brokenLinks } from './links.ts';
import { projectRoot } from './syntax.ts';

const pages = globSync(['*.md', 'docs/**/*.md'], { cwd: projectRoot }).map((page) => page.split(path.sep).join('/'));

test('README, CHANGELOG, CONTRIBUTING, SECURITY and every page of docs/ are checked', () => {
  expect(pages).toEqual(expect.arrayContaining(['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'SECURITY.md', 'docs/api.md']));
  expect(pages.length).toBeGreaterThan(25);
});

test.for(pages)('every link of %s leads to a file, and to a heading in it', (page) => {
  expect(brokenLinks(page, read(page) ?? '', read)).toEqual([]);
});

test('every page of docs/ can be reached from the README', () => {
  const reached = new Set<string>(['README.md']);
  for (const page of reached) {
    const markdown = read(page) ?? '';
    for (const [, target = ''] of markdown.matchAll(/\]\((?![a-z]+:)([^)#\s]+\.md)/gu))
      reached.add(path.posix.join(path.posix.dirname(page), target));
  }

  expect(pages.filter((page) => !reached.has(page))).toEqual([]);
});

const other = '# A title, with `code`: and [a link](b.md)\n\n## Twice\n\n## Twice\n\n```sh\n# no heading\n```\n';
const files: Readonly<Record<string, string>> = { 'docs/a.md': '', 'docs/b.md': other, 'docs/deep/c.md': '', 'x.png': '' };

test('anchors are those that GitHub makes', () => {
  expect(anchorsOf(other)).toEqual(['a-title-with-code-and-a-link', 'twice', 'twice-1']);
});

test.for([
  ['a page', '[b](b.md)'],
  ['a heading', '[b](b.md#twice-1)'],
  ['a heading of the same page', '## Here\n\n[here](#here)'],
  ['an image above', '![x](../x.png)'],
  ['another site', '[x](https://example.test/b#c)'],
  ['a page, within code', '`[b](nowhere.md)`\n\n```md\n[b](nowhere.md)\n```'],
] as const)('a link to %s passes', ([, markdown]) => {
  expect(brokenLinks('docs/a.md', markdown, (file) => files[file])).toEqual([]);
});

test.for([
  ['a missing page', '[b](c.md)', 'docs/a.md links to docs/c.md, which does not exist'],
  ['a missing image', '![x](x.png)', 'docs/a.md links to docs/x.png, which does not exist'],
  ['a missing heading', '[b](b.md#thrice)', 'docs/a.md links to docs/b.md#thrice, which has no such heading'],
  ['a comment in a block of code', '[b](b.md#no-heading)', 'docs/a.md links to docs/b.md#no-heading, which has no such heading'],
  ['a missing heading of the same page', '## Here\n\n[x](#there)', 'docs/a.md links to docs/a.md#there, which has no such heading'],
] as const)('a link to %s fails', ([, markdown, violation]) => {
  expect(brokenLinks('docs/a.md', markdown, (file) => files[file])).toEqual([violation]);
});

function read(file: string): string | undefined {
  const location = path.join(projectRoot, file);
  if (!existsSync(location)) return undefined;
  return statSync(location).isFile() ? readFileSync(location, 'utf8') : '';
}
