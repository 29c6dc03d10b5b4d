import { beforeAll, expect, test } from 'vitest';
import { describeClientUnderTest } from '../../../src/vitest/index.ts';
import type { ClientCall } from '../../../src/scenarios/run/target.ts';
import { runSuites, type SuiteTest } from '../run-suites.ts';

let tests: readonly SuiteTest[] = [];
beforeAll(async () => {
  tests = [...(await runSuites('clients.suite.ts')), ...(await runSuites('two-calls.suite.ts'))];
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

test('two calls of one client follow each other, and a client that is made for each passes', () => {
  const suite = of('makes a client for each call');

  expect(suite.filter(({ status }) => status !== 'passed')).toEqual([]);
  expect(suite.filter(({ name }) => name.includes('a second call'))).toHaveLength(6);
});

test('a client that keeps what it had in the first call fails in each scenario with two calls', () => {
  const failed = of('keeps the client of the first call').filter(({ status }) => status === 'failed');

  expect(failed.map(({ name }) => name.replace(/.*\[(.*)\]/u, '$1'))).toEqual([
    'client-swaps-certificate-on-one-agent',
    'client-certificate-reloaded',
    'client-reuses-session-after-trust-change',
  ]);
  expect(failed[0]?.message).toContain('over a connection of its first');
});

test('a suite of scenarios with two calls alone has its controls, too', () => {
  const suite = of('is called twice and nothing else');

  expect(suite.map(({ status }) => status)).toEqual(['passed', 'passed', 'passed', 'passed', 'passed']);
});

test('what is not a function is not a client under test', () => {
  expect(() => describeClientUnderTest('misused', 'https://localhost' as unknown as ClientCall)).toThrow(
    expect.objectContaining({ code: 'OPTION_INVALID', facts: expect.objectContaining({ option: 'target' }) }),
  );
});

function of(suite: string): readonly SuiteTest[] {
  return tests.filter(({ name }) => name.startsWith(`${suite} > `));
}
