import path from 'node:path';
import { expect, test } from 'vitest';
import { layers, layerViolations } from './layers.ts';
import { projectRoot, readTree } from './syntax.ts';

test('arrows in src point down, outside packages stay in their place, and no file is too long', () => {
  const tree = readTree(path.join(projectRoot, 'src'), '**/*.ts');

  expect(tree.size).toBeGreaterThan(50);
  expect(layerViolations(tree)).toEqual([]);
});
