import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { projectRoot } from './syntax.ts';

/** What a code span begins with that names a file or a folder of this project. */
const folders = /^(?:\.ci|docs|fixtures|src|test)\//u;

/** What a code span ends with that names a file. */
const files = /^[\w./-]+\.(?:js|json|md|sh|ts)$/u;

/** Built or fetched, so absent from the repository. */
const made = /^(?:dist|node_modules)\//u;

test.for(['docs/architecture.md', 'CONTRIBUTING.md'])('every path that %s names exists', (page) => {
  const named = pathsIn(readFileSync(path.join(projectRoot, page), 'utf8'));

  expect(named.length).toBeGreaterThan(10);
  expect(missingOf(named), `named in ${page}`).toEqual([]);
});

test('every folder of src that holds a file is named in docs/architecture.md', () => {
  const named = new Set(pathsIn(readFileSync(path.join(projectRoot, 'docs/architecture.md'), 'utf8')));
  const holding = globSync('src/**/*.*', { cwd: projectRoot }).map((file) => path.posix.dirname(file.split(path.sep).join('/')));
  const all = new Set(holding.filter((folder) => folder !== 'src'));

  expect(all.size).toBeGreaterThan(50);
  expect([...all].filter((folder) => !named.has(folder))).toEqual([]);
});

test('a path that does not exist is found, in a command and with braces too', () => {
  const markdown =
    '`src/pki/pki.ts`, `src/pki/{pki,gone}.ts`, `npx vitest run test/meta/gone.test.ts`, `gone.json`, `dist/index.js`, `pki.client()`';

  expect(missingOf(pathsIn(markdown))).toEqual(['src/pki/gone.ts', 'test/meta/gone.test.ts', 'gone.json']);
});

/** The paths in the code spans and commands of a page, with braces expanded. */
function pathsIn(markdown: string): string[] {
  const code = [...markdown.matchAll(/`(?<code>[^`\n]+)`/gu)].map(({ groups }) => groups?.['code'] ?? '');
  return code
    .flatMap((span) => span.split(' '))
    .flatMap(expanded)
    .filter((word) => (folders.test(word) || files.test(word)) && !made.test(word));
}

function expanded(word: string): string[] {
  const braces = /\{(?<parts>[^{}]*)\}/u.exec(word);
  const parts = braces?.groups?.['parts'];
  if (!braces || parts === undefined) return [word];
  return parts.split(',').flatMap((part) => expanded(word.replace(braces[0], part)));
}

/** The paths that are neither in the project's folder nor in `src/`. */
function missingOf(paths: readonly string[]): string[] {
  return [...new Set(paths)].filter((each) => globSync([each, `src/${each}`], { cwd: projectRoot }).length === 0);
}
