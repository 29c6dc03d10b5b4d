import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

test('the tests run on the pinned Node, not on the one of the machine', () => {
  const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as { devDependencies: Record<string, string> };

  // Anything but CI and npm scripts may choose another runtime on purpose.
  if (process.env['npm_lifecycle_event'] === 'test') expect(process.version).toBe(`v${manifest.devDependencies['node']}`);
  expect(manifest.devDependencies['node']).toMatch(/^26\./u);
});
