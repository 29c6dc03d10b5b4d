import { expect, test } from 'vitest';
import { runSuites } from './run-suites.ts';

test.for(['jsdom', 'happy-dom'])('everything works in the environment %s', async (environment) => {
  const tests = await runSuites('environment.suite.ts', ['--environment', environment]);

  expect(tests.filter(({ status }) => status !== 'passed')).toEqual([]);
  expect(tests).toHaveLength(11);
});

test('in the environment node the same fails for the want of a document alone', async () => {
  const tests = await runSuites('environment.suite.ts');

  expect(tests.filter(({ status }) => status !== 'passed').map(({ name }) => name)).toEqual(['the environment is a document']);
});
