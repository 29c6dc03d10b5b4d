import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const pages = [
  'README.md',
  ...readdirSync('docs', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file}`),
];

/** A block of TypeScript and the comment above it that says which test it is quoted from. */
function blocksOf(page: string): { readonly source: string | undefined; readonly code: string }[] {
  const text = readFileSync(page, 'utf8');
  return [...text.matchAll(/(?:<!-- from (\S+) -->\n)?```ts\n(.*?)\n```/gsu)].map(([, source, code = '']) => ({ source, code }));
}

/** The file, or its part between `// #region name` and `// #endregion`, without the indentation it shares. */
function quoted(source: string): string {
  const [file = '', region] = source.split('#');
  const text = readFileSync(file, 'utf8').trimEnd();
  if (region === undefined) return text;
  const part = new RegExp(String.raw`^ *// #region ${region}\n(.*?)\n *// #endregion`, 'msu').exec(text)?.[1];
  if (part === undefined) throw new Error(`${file} has no region ${region}`);
  const indentation = Math.min(
    ...part
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line) => line.length - line.trimStart().length),
  );
  return part
    .split('\n')
    .map((line) => line.slice(indentation))
    .join('\n');
}

test('the README shows code', () => {
  expect(blocksOf('README.md').length).toBeGreaterThan(8);
});

describe.for(pages.filter((page) => blocksOf(page).length > 0))('%s', (page) => {
  test.for(blocksOf(page).map(({ source, code }) => [source ?? `an unmarked block: ${code.slice(0, 40)}`, code] as const))(
    'quotes %s to the letter',
    ([source, code]) => {
      expect(code).toBe(quoted(source));
    },
  );
});

test.for(pages)('%s links to files that exist', (page) => {
  const folder = page.includes('/') ? `${page.slice(0, page.lastIndexOf('/'))}/` : '';
  const links = [...readFileSync(page, 'utf8').matchAll(/\]\((?!https?:|#)([^)#]+)\)/gu)].map(([, link = '']) => `${folder}${link}`);

  expect(links.filter((link) => !existsSync(link))).toEqual([]);
});

test('the scripts that the README names exist', () => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
  const named = [...readFileSync('README.md', 'utf8').matchAll(/npm run (\w+)/gu)].map(([, name = '']) => name);

  expect(named.length).toBeGreaterThan(0);
  expect(named.filter((name) => !(name in scripts))).toEqual([]);
});
