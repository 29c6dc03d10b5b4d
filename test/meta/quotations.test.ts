import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { misquotations, quotationsOf } from './quotations.ts';
import { projectRoot } from './syntax.ts';

const pages = ['README.md', 'CONTRIBUTING.md', ...globSync('docs/**/*.md', { cwd: projectRoot })]; // in docs/ at any depth

test('the README quotes examples', () => {
  expect(quotationsOf(read('README.md') ?? '')).not.toEqual([]);
});

test.for(pages)('every block of TypeScript in %s is what the example says', (page) => {
  expect(misquotations(page, read(page) ?? '', read)).toEqual([]);
});

test.for(pages)('every npm script that %s names exists', (page) => {
  const manifest: { scripts: Record<string, string> } = JSON.parse(read('package.json') ?? '');
  const named = [...(read(page) ?? '').matchAll(/\bnpm (?:run (?:--?\S+ )*(?<run>[\w:-]+)|(?<own>test|start)\b)/gu)].map(
    ({ groups }) => groups?.['run'] ?? groups?.['own'],
  );

  expect(named.filter((name) => manifest.scripts[name ?? ''] === undefined)).toEqual([]);
});

const example = "import x from 'y';\n\ntest('t', () => {\n  // #region one\n  const a = 1;\n\n  use(a);\n  // #endregion\n});\n";

const examples = (file: string): string | undefined => (file === 'test/examples/a.ts' ? example : undefined);
const whole = quote('test/examples/a.ts', example.trimEnd());
const part = quote('test/examples/a.ts#one', 'const a = 1;\n\nuse(a);');

test.for([
  ['the region, dedented', part],
  ['the whole file', whole],
  ['a block in a list', `- so:\n${part.replaceAll(/^/gmu, '  ')}`],
  ['another language', '```sh\nnpm test\n```'],
] as const)('a page with %s passes', ([, markdown]) => {
  expect(misquotations('page.md', markdown, examples)).toEqual([]);
});

test.for([
  ['a changed line', part.replace('1', '2'), 'page.md:2 differs from test/examples/a.ts#one'],
  ['a lost line', part.replace('\nuse(a);', ''), 'page.md:2 differs from test/examples/a.ts#one'],
  ['lost indentation', whole.replaceAll('  ', ''), 'page.md:2 differs from test/examples/a.ts'],
  ['an unknown region', part.replace('#one', '#two'), 'page.md:2 is from test/examples/a.ts, which has no region "two"'],
  ['an unknown file', whole.replace('a.ts', 'b.ts'), 'page.md:2 is from test/examples/b.ts, which does not exist'],
  ['no marker', '```ts\na\n```', 'page.md:1 has no line <!-- from test/examples/FILE.ts#region --> directly above it'],
  ['a marker further up', part.replace('\n', '\n\n'), 'page.md:3 has no line <!-- from test/examples/FILE.ts#region --> directly above it'],
  ['another kind of fence', '~~~ts\na\n~~~', 'page.md has 1 blocks of TypeScript, of which 0 can be read; write them as ```ts'],
] as const)('a page with %s fails', ([, markdown, violation]) => {
  expect(misquotations('page.md', markdown, examples)).toEqual([violation]);
});

function quote(source: string, text: string): string {
  return `<!-- from ${source} -->\n\`\`\`ts\n${text}\n\`\`\`\n`;
}

function read(file: string): string | undefined {
  const location = path.join(projectRoot, file);
  return existsSync(location) ? readFileSync(location, 'utf8') : undefined;
}
