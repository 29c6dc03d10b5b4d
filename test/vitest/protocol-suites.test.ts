import { beforeAll, expect, test } from 'vitest';
import { runSuites, type SuiteTest } from './run-suites.ts';

let tests: readonly SuiteTest[] = [];
beforeAll(async () => {
  tests = await runSuites('protocol.suite.ts');
});

test('what depends on no version is run once, the rest with each for which it makes sense', () => {
  expect(scenariosOf('correct server')).toEqual([
    'passed TLSv1.3 no-client-certificate',
    'passed TLSv1.3 garbage-first-flight',
    'passed TLSv1.3 resumption-after-revocation',
    'passed TLSv1.2 no-client-certificate',
    'passed TLSv1.2 tls12-only-client',
    'passed TLSv1.2 resumption-after-revocation',
  ]);
});

test('the first of the versions that are asked for is the one that it is run with', () => {
  expect(scenariosOf('running server').filter((text) => text.includes('garbage'))).toEqual(['passed TLSv1.2 garbage-first-flight']);
});

test('a server that runs is changed for one scenario while others use it, and set back', () => {
  expect(tests.filter(({ name, status }) => name.startsWith('running server') && status !== 'passed')).toEqual([]);
});

test('a server that asks for no certificate fails where it should, and not by garbage', () => {
  expect(scenariosOf('asks for nothing').slice(0, 2)).toEqual([
    'failed TLSv1.3 no-client-certificate',
    'passed TLSv1.3 garbage-first-flight',
  ]);
});

test('an attempt function is asked to go without certificate', () => {
  expect(scenariosOf('attempt')).toEqual(['passed TLSv1.3 no-client-certificate', 'passed TLSv1.2 no-client-certificate']);
});

test('a correct client passes, and what it is known for is skipped with its reason', () => {
  expect(scenariosOf('correct client')).toEqual([
    'skipped TLSv1.3 server-stalls',
    'passed TLSv1.3 server-garbage',
    'passed TLSv1.3 wrong-finished-client',
    'passed TLSv1.2 wrong-finished-client',
  ]);
});

test('a client that swallows its errors fails, and one that waits forever is not waited for', () => {
  expect(scenariosOf('swallows')).toEqual([
    'failed TLSv1.2 server-stalls',
    'failed TLSv1.2 server-garbage',
    'failed TLSv1.2 wrong-finished-client',
  ]);
});

/** `<status> <version> <id>` of the scenarios of a suite. */
function scenariosOf(suite: string): string[] {
  return tests.flatMap(({ name, status }) => {
    const [, version, id] = new RegExp(`^${suite} > (\\S+) > scenarios > .*\\[(.*)\\]$`, 'u').exec(name) ?? [];
    return version === undefined ? [] : [`${status} ${version} ${id}`];
  });
}
