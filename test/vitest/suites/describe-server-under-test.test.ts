import { beforeAll, describe, expect, test } from 'vitest';
import { describeClientUnderTest, describeServerUnderTest } from '../../../src/vitest/index.ts';
import { runSuites, type SuiteTest } from '../run-suites.ts';

let tests: readonly SuiteTest[] = [];
beforeAll(async () => {
  tests = await runSuites('servers.suite.ts');
});

test('there is one test for each scenario and version of TLS, between two controls', () => {
  expect(of('correct').map(({ name, status }) => `${status} ${name}`)).toEqual(
    ['TLSv1.3', 'TLSv1.2'].flatMap((version) => [
      `passed correct > ${version} > accepts the valid client (control)`,
      `passed correct > ${version} > scenarios > refuses an expired leaf [expired-leaf]`,
      expect.stringMatching(new RegExp(`passed correct > ${version} > scenarios > accepts .* \\[validity-generalizedtime-2050\\]`, 'u')),
      expect.stringMatching(new RegExp(`passed correct > ${version} > scenarios > refuses .* \\[expired-intermediate\\]`, 'u')),
      `passed correct > ${version} > accepts the valid client still, after all of these`,
    ]),
  );
});

test('a server that accepts every client fails in each scenario that is bad, and shows both ends', () => {
  const failed = of('accepts every client').filter(({ status }) => status === 'failed');

  expect(failed.map(({ name }) => name.replace(/.*\[(.*)\]/u, '$1'))).toEqual(['expired-leaf', 'expired-intermediate']);
  expect(failed[0]?.message).toContain(
    'expected rejected by the server with CERT_HAS_EXPIRED (alert certificate_expired), but it was accepted',
  );
  expect(failed[0]?.message).toContain('client      CN=client (clientAuth; ');
});

test('a server that refuses every client fails once, and nothing else is judged', () => {
  const suite = of('refuses every client');

  expect(suite.map(({ status }) => status)).toEqual(['failed', 'skipped', 'skipped', 'skipped', 'skipped']);
  expect(suite[0]?.message).toContain('the valid client was refused, so nothing else can be judged');
});

test('what is skipped is skipped, and what is expected otherwise passes', () => {
  expect(of('skips').map(({ name, status }) => `${status} ${name.split(' > ').at(-1)}`)).toEqual([
    'passed accepts the valid client (control)',
    'skipped refuses an expired leaf [expired-leaf]',
    'passed accepts an expired issuing CA [expired-intermediate]',
    'passed accepts the valid client still, after all of these',
  ]);
});

test('a server that does not start leaves no test that passes', () => {
  expect(of('does not start').filter(({ status }) => status === 'passed')).toEqual([]);
});

describe('misuse', () => {
  test.for([
    [{}, 'server under test'],
    [{ start: () => undefined, attempt: () => Promise.resolve() }, 'server under test'],
    [undefined, 'server under test'],
  ] as const)('%j is not a server under test', ([source, option]) => {
    // The compiler would refuse these too.
    expect(() => describeServerUnderTest('misused', source as unknown as Parameters<typeof describeServerUnderTest>[1])).toThrow(
      expect.objectContaining({ code: 'OPTION_INVALID', facts: expect.objectContaining({ option }) }),
    );
  });

  test.for([
    [null, 'suite options', 'null'],
    [{ expcted: {} }, 'suite option', 'expcted'],
    [{ version: ['TLSv1.3'] }, 'suite option', 'version'],
    [{ versions: ['TLSv1.3', 'TLSv1.1'] }, 'versions', 'TLSv1.1'],
    [{ versions: [] }, 'versions', 'none'],
    [{ versions: 'TLSv1.0' }, 'versions', 'TLSv1.0'],
  ] as const)('%j are not options', ([options, option, value]) => {
    const refusal = expect.objectContaining({ code: 'OPTION_INVALID', facts: expect.objectContaining({ option, value }) });

    expect(() => describeServerUnderTest('misused', { attempt: () => Promise.resolve() }, options as never)).toThrow(refusal);
    expect(() => describeClientUnderTest('misused', () => Promise.resolve(), options as never)).toThrow(refusal);
  });
});

function of(suite: string): readonly SuiteTest[] {
  return tests.filter(({ name }) => name.startsWith(`${suite} > `));
}
