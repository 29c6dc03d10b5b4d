import { beforeAll, expect, test } from 'vitest';
import { describeClientUnderTest } from '../../../src/vitest/index.ts';
import type { ClientCall } from '../../../src/scenarios/run/target.ts';
import { runSuites, type SuiteTest } from '../run-suites.ts';

let tests: readonly SuiteTest[] = [];
beforeAll(async () => {
  tests = await runSuites('clients.suite.ts');
});

test('a correct client passes every scenario with both versions of TLS', () => {
  const suite = of('correct');

  expect(suite).toHaveLength(10);
  expect(suite.filter(({ status }) => status !== 'passed')).toEqual([]);
});

test('a client that trusts every server fails in each scenario that is bad', () => {
  const failed = of('trusts every server').filter(({ status }) => status === 'failed');

  expect(failed.map(({ name }) => name.replace(/.*\[(.*)\]/u, '$1'))).toEqual(['expired-leaf', 'expired-intermediate']);
  expect(failed[0]?.message).toContain('the call succeeded: the client trusted the server');
});

test('a client that trusts no server fails once, and nothing else is judged', () => {
  const suite = of('trusts no server');

  expect(suite.map(({ status }) => status)).toEqual(['failed', 'skipped', 'skipped', 'skipped', 'skipped']);
  expect(suite[0]?.message).toContain('the valid server was refused, so nothing else can be judged');
});

test('what is not a function is not a client under test', () => {
  expect(() => describeClientUnderTest('misused', 'https://localhost' as unknown as ClientCall)).toThrow(
    expect.objectContaining({ code: 'OPTION_INVALID', facts: expect.objectContaining({ option: 'target' }) }),
  );
});

function of(suite: string): readonly SuiteTest[] {
  return tests.filter(({ name }) => name.startsWith(`${suite} > `));
}
