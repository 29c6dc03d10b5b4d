import path from 'node:path';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { projectRoot, readTree } from './syntax.ts';

const manifest: { devDependencies: { node: string } } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
const pinned = `v${manifest.devDependencies.node}`;

// By hand one may choose another Node on purpose; npm scripts (and so CI) have no choice.
test.skipIf(process.env['npm_lifecycle_event'] === undefined && process.version !== pinned)(
  'the tests run on the pinned Node, not on whatever the machine has',
  () => {
    expect(process.version).toBe(pinned);
  },
);

test('no file of src declares with `using`, which Node 22 cannot parse', () => {
  const tree = readTree(path.join(projectRoot, 'src'), '**/*.ts');

  expect([...tree].flatMap(([file, text]) => (/^\s*(?:await )?using \w+ =/mu.test(text) ? [file] : []))).toEqual([]);
});
