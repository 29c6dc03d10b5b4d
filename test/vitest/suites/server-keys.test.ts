import { beforeAll, describe, expect, test } from 'vitest';
import { createPki, startTlsServer } from '../../../src/index.ts';
import { describeServerUnderTest } from '../../../src/vitest/index.ts';
import { runSuites, type SuiteTest } from '../run-suites.ts';

let tests: readonly SuiteTest[] = [];
beforeAll(async () => {
  tests = await runSuites('server-keys.suite.ts');
}, 240_000);

test.for(['ec-p384', 'rsa-2048', 'ed25519'])('a correct server passes with a key of %s too, behind controls of its own', (key) => {
  const own = of('correct').filter(({ name }) => name.startsWith(`correct > with a key of ${key} > `));
  const controls = own.filter(({ name }) => name.endsWith('(control)'));

  expect(own.filter(({ status }) => status === 'failed').map(({ name, message }) => `${name}: ${message}`)).toEqual([]);
  expect(controls.map(({ status }) => status)).toEqual(['passed', 'passed']);
  expect(own.find(({ name }) => name.includes('TLSv1.3') && name.endsWith('[unknown-ca]'))?.status).toBe('passed');
});

test('a server that accepts every client where its key is P-384 fails with that key alone', () => {
  const suite = of('verifies unless its key is P-384');

  expect(suite.filter(({ status }) => status === 'failed').map(({ name }) => name)).toEqual(
    ['TLSv1.3', 'TLSv1.2'].map((version) =>
      expect.stringMatching(new RegExp(`> with a key of ec-p384 > ${version} .*\\[unknown-ca\\]$`, 'u')),
    ),
  );
  expect(suite.filter(({ name, status }) => status === 'passed' && name.endsWith('[unknown-ca]'))).toHaveLength(6);
});

describe('misuse', () => {
  const start = (): ReturnType<typeof startTlsServer> => startTlsServer({ pki: createPki() });

  test.for([
    [[], 'OPTION_INVALID', { option: 'serverKeys', value: 'none' }],
    ['ec-p384', 'OPTION_INVALID', { option: 'serverKeys' }],
    [['ec-p384', 'ec-p384'], 'OPTION_INVALID', { option: 'serverKeys', value: 'ec-p384, twice' }],
    [['p384'], 'KEY_ALGORITHM_UNKNOWN', { algorithm: 'p384' }],
    [[384], 'KEY_ALGORITHM_UNKNOWN', { algorithm: '384' }],
  ] as const)('%j is refused before anything is started', ([serverKeys, code, facts]) => {
    // The compiler would refuse these too.
    expect(() => describeServerUnderTest('misused', { start }, { serverKeys: serverKeys as never })).toThrow(
      expect.objectContaining({ code, facts: expect.objectContaining(facts) }),
    );
  });

  test('a server that the suite does not start has its own key', () => {
    expect(() => describeServerUnderTest('misused', { target: { host: '127.0.0.1', port: 1 } }, { serverKeys: ['ec-p384'] })).toThrow(
      expect.objectContaining({ code: 'OPTION_INVALID', facts: expect.objectContaining({ option: 'serverKeys', value: 'ec-p384' }) }),
    );
  });
});

function of(suite: string): readonly SuiteTest[] {
  return tests.filter(({ name }) => name.startsWith(`${suite} > `));
}
