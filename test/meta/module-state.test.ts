import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { moduleState } from './module-state.ts';
import { projectRoot, readTree } from './syntax.ts';

test('what modules of src keep while the program runs is listed in CONTRIBUTING.md, with a reason', () => {
  const found = moduleState(readTree(path.join(projectRoot, 'src'), '**/*.ts'))
    .map((binding) => `src/${binding}`)
    .filter((binding) => !binding.startsWith('src/report/page/')); // the page's script runs in a browser, for one page
  const listed = rowsOf(readFileSync(path.join(projectRoot, 'CONTRIBUTING.md'), 'utf8'));

  expect(found.length).toBeGreaterThan(10);
  expect(listed.map(({ binding }) => binding)).toEqual(found.toSorted());
  expect(listed.filter(({ reason }) => reason.length < 20)).toEqual([]);
});

test.for([
  ['let count = 0;', ['a.ts: count']],
  ['export let count: number;', ['a.ts: count']],
  ['const known = new Map<string, number>();', ['a.ts: known']],
  ['export const known = new WeakSet();', ['a.ts: known']],
  ['const steps = new Prototypes(() => ({}));', ['a.ts: steps']],
  ['const seen: string[] = [];\nfunction add(text: string): void {\n  seen.push(text);\n}', ['a.ts: seen']],
  ['const seen = {};\nfunction add(name: string): void {\n  seen[name] = true;\n}', ['a.ts: seen']],
  ['const state = { deep: { count: 0 } };\nfunction next(): void {\n  state.deep.count += 1;\n}', ['a.ts: state']],
  ['const counter = { count: 0 };\nfunction next(): void {\n  counter.count++;\n}', ['a.ts: counter']],
  ['const seen = {};\nfunction add(more: object): void {\n  Object.assign(seen, more);\n}', ['a.ts: seen']],
  ['const [first, second] = [[], []];\nfunction add(): void {\n  second.push(1);\n}', ['a.ts: second']],
  ['class Counter {\n  static #count = 0;\n  static readonly all = new Set();\n}', ['a.ts: Counter.count', 'a.ts: Counter.all']],
] as const)('%j is state', ([text, expected]) => {
  expect(moduleState(new Map([['a.ts', text]]))).toEqual(expected);
});

test.for([
  'const names: ReadonlySet<string> = new Set(["a"]);',
  'const names: readonly string[] = ["a"];',
  'const names = ["a"];\nconst copy = [...names].sort();',
  'const pattern = new RegExp("a");',
  'function count(): number {\n  let sum = 0;\n  sum += 1;\n  return sum;\n}',
  'class Counter {\n  #count = 0;\n  static readonly limit = 5;\n}',
])('%j is not state', (text) => {
  expect(moduleState(new Map([['a.ts', text]]))).toEqual([]);
});

/** The table of the section "Module-level state". */
function rowsOf(page: string): readonly { readonly binding: string; readonly reason: string }[] {
  const [, section = ''] = page.split('\n## Module-level state\n');
  const [table = ''] = section.split('\n## ');
  return [...table.matchAll(/^\| `([^`]+)` \| `([^`]+)` \| (.+) \|$/gmu)].map(([, file = '', name = '', reason = '']) => ({
    binding: `${file}: ${name}`,
    reason,
  }));
}
