import { expect, test } from 'vitest';
import { lineInTestFile } from '../../../src/vitest/suites/suite-line.ts';

test('the line is that of the test file, whatever helper stands between', () => {
  expect(lineInTestFile()).toEqual({ mtlsFixturesLine: 5 });
  expect([1].map(() => lineInTestFile())).toEqual([{ mtlsFixturesLine: 6 }]);
});
