import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const root = path.join(import.meta.dirname, '../../src');
const fakeable =
  /(?<![\w.'"`-])(?:setTimeout|setInterval|setImmediate|queueMicrotask|Date\.now|performance\.now|process\.nextTick|process\.hrtime)\s*\(/u;

/** Where they may be: the clock itself, what captures them at import, and what runs in a browser or as a command of its own. */
const allowed = new Set(['clock/real-clock.ts', 'report/page/script.ts', 'report/page/downloads.ts', 'cli/run/demo.ts']);

test("the library's own waiting takes no timer, tick or clock that a test may have faked", () => {
  const files = globSync('**/*.ts', { cwd: root }).filter((file) => !allowed.has(file));

  const found = files.filter((file) => fakeable.test(readFileSync(path.join(root, file), 'utf8')));

  expect(files.length).toBeGreaterThan(100);
  expect(fakeable.test('  setImmediate(() => {})')).toBe(true);
  expect(found).toEqual([]);
});
