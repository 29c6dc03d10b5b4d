import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readDeclarations, type DeclarationModule } from './declarations.ts';
import { programOf, run } from './packed-package.ts';
import { apiReport, exportsOf, keyOf } from './public-api.ts';
import { projectRoot, readTree } from './syntax.ts';

const manifest: { exports: Record<string, string | { types: string }> } = JSON.parse(
  readFileSync(path.join(projectRoot, 'package.json'), 'utf8'),
);
const entryPoints = Object.entries(manifest.exports).flatMap(([entry, target]) =>
  typeof target === 'string' ? [] : [{ entry, report: reportOf(entry), module: target.types.replace('./dist/types/', '') }],
);
const reports = path.join(projectRoot, 'test/meta/api');
let emitted: string;
let modules: ReadonlyMap<string, DeclarationModule>;

beforeAll(() => {
  emitted = mkdtempSync(path.join(os.tmpdir(), 'mtls-fixtures-types-'));
  run(process.execPath, [programOf('typescript'), '-p', 'src/tsconfig.json', '--outDir', emitted], projectRoot);
  modules = readDeclarations(readTree(emitted, '**/*.d.ts'));
});

afterAll(() => {
  rmSync(emitted, { recursive: true, force: true });
});

test('every entry point has a report, and no report is left over', () => {
  expect(readdirSync(reports).toSorted()).toEqual(entryPoints.map(({ report }) => report).toSorted());
});

test.for(entryPoints)('the public API of $entry is what $report says', ({ entry, report, module }) => {
  const others = entryPoints
    .filter((other) => other.entry !== entry)
    .flatMap((other) => Array.from(exportsOf(modules, other.module).values()));
  const current = apiReport(path.posix.join('mtls-fixtures', entry), modules, module, new Set(others.map(keyOf)));
  const file = path.join(reports, report);
  if (process.env['UPDATE_API'] === '1') writeFileSync(file, current);

  expect(current).toBe(readFileSync(file, 'utf8'));
});

test.for(entryPoints)('the public API of $entry mentions no type that users cannot name', ({ report }) => {
  expect(readFileSync(path.join(reports, report), 'utf8')).not.toContain('# Mentioned above, not exported');
});

function reportOf(entry: string): string {
  return entry === '.' ? 'core.md' : `${entry.slice(2).replaceAll('/', '-')}.md`;
}

const declarations = {
  'index.d.ts': "export { make, type Made } from './parts/make.ts';\nimport './parts/more.ts';",
  'parts/make.d.ts': `import type { Hidden } from './hidden.ts';
/** A comment. */
export interface Made {
    /** A comment. */
    readonly Hidden: string; // a member, no mention
    readonly kind?: 'a' | 'b';
}
/** A comment. */
export declare function make(option: Hidden): Made;
export declare function make(): Made;
export declare const unused: number;`,
  'parts/hidden.d.ts': 'export interface Hidden { readonly deep: Deep }\ntype Deep = 1;',
  'parts/more.d.ts': "declare module 'vitest' { interface Matchers { x: 1 } }\nexport {};",
};

test('a report shows declarations without comments, what they mention, and what is added to other modules', () => {
  const report = apiReport('title', readDeclarations(new Map(Object.entries(declarations))), 'index.d.ts');

  expect(report.split('\n').filter((line) => line.startsWith('#'))).toEqual([
    '# title',
    '## Made',
    '## make',
    '# Mentioned above, not exported',
    '## Deep (parts/hidden)',
    '## Hidden (parts/hidden)',
    '# Added to other modules',
  ]);
  expect(report).toContain("interface Made {\n    readonly Hidden: string;\n    readonly kind?: 'a' | 'b';\n}");
  expect(report).toContain('function make(option: Hidden): Made;\nfunction make(): Made;');
  expect(report).not.toMatch(/comment|unused/u);
});

test.for([
  ['a member', 'parts/make.d.ts', "'a' | 'b'", "'a'"],
  ['an argument', 'parts/make.d.ts', 'option: Hidden', 'option?: Hidden'],
  ['a type that is only mentioned', 'parts/hidden.d.ts', '= 1', '= 2'],
  ['an exported name', 'index.d.ts', ', type Made', ''],
  ['an addition', 'parts/more.d.ts', 'x: 1', 'x: 2'],
] as const)('a change of %s changes the report', ([, file, before, after]) => {
  const changed = { ...declarations, [file]: declarations[file].replace(before, after) };
  const report = (tree: Record<string, string>): string =>
    apiReport('title', readDeclarations(new Map(Object.entries(tree))), 'index.d.ts');

  expect(report(changed)).not.toBe(report(declarations));
});
