import { beforeAll, describe, expect, test, vi } from 'vitest';
import { createPki } from '../../../src/index.ts';
import { serverEnd } from '../../../src/vitest/suites/server-suite.ts';
import type { ServerSuiteOptions } from '../../../src/vitest/suites/suite-options.ts';
import { runSuites, type SuiteTest } from '../run-suites.ts';

let tests: readonly SuiteTest[] = [];
beforeAll(async () => {
  tests = await runSuites('hosts.suite.ts');
});

describe('a server with hosts', () => {
  const inOneVersion = (at: string, ids: readonly string[]): readonly string[] => [
    `passed ${at}accepts the valid client (control)`,
    ...ids.map((id) => `passed ${at}${id}`),
    `passed ${at}accepts the valid client still, after all of these`,
  ];
  const credentials = ['expired-leaf', 'crl-revoked-leaf'];

  test('is tried at its default and at each host, each behind its control, in both versions', () => {
    expect(of('started')).toEqual([
      ...['TLSv1.3', 'TLSv1.2'].flatMap((version) =>
        inOneVersion(`${version} > `, [
          ...credentials,
          'sni-unknown-without-certificate',
          'host-ca-of-another-host',
          'resumption-across-sni',
        ]),
      ),
      ...['TLSv1.3', 'TLSv1.2'].flatMap((version) =>
        inOneVersion(`at admin.test > ${version} > `, [
          ...credentials,
          'host-ca-of-another-host',
          'sni-uppercase',
          'resumption-across-sni',
        ]),
      ),
    ]);
  });

  test('is reconfigured at the host alone where it runs already', () => {
    expect(of('running')).toEqual([
      ...inOneVersion('TLSv1.3 > ', [
        ...credentials,
        'sni-unknown-without-certificate',
        'host-ca-of-another-host',
        'resumption-across-sni',
      ]),
      ...inOneVersion('at admin.test > TLSv1.3 > ', [...credentials, 'host-ca-of-another-host', 'sni-uppercase', 'resumption-across-sni']),
    ]);
  });

  test('is used through a client library by the name of each host', () => {
    const ids = ['expired-leaf', 'no-client-certificate', 'host-ca-of-another-host'];

    expect(of('used')).toEqual([...inOneVersion('TLSv1.3 > ', ids), ...inOneVersion('at admin.test > TLSv1.3 > ', ids)]);
  });
});

test.skipIf(isFixed())(
  'a server on a Node that ignores a context without key and certificate fails with the name of the vulnerability',
  () => {
    const failed = tests.filter(({ name, status }) => name.startsWith('addContext') && status === 'failed');

    expect(failed.map(({ name }) => name.replace(/.* > (?=at)/u, ''))).toEqual(
      ['TLSv1.3', 'TLSv1.2'].flatMap((version) => [
        `at admin.test > ${version} > accepts the valid client (control)`,
        `at admin.test > ${version} > scenarios > refuses a client of another host of the server [host-ca-of-another-host]`,
      ]),
    );
    expect(failed[1]?.message).toContain('expected rejected by the server (alert unknown_ca), but it was accepted');
    expect(failed[1]?.message).toContain('CVE-2026-123867');
  },
);

test.for([
  [{ '*.test': {} }, /names that a client can ask for/u],
  [{ 'a.*.test': {} }, /host names in ASCII/u],
  [{ '127.0.0.1': {} }, /an address is never asked for by SNI/u],
  [{ 'admin.test': {} }, /hosts\["admin.test"\].pki/u],
  [{ 'admin.test': { clientAuth: 'none' } }, /clientAuth/u],
] as const)('%o is refused before a server is started', ([hosts, words]) => {
  const start = vi.fn<() => never>();
  const options = { pki: createPki(), hosts } as unknown as ServerSuiteOptions; // the compiler would refuse some

  expect(() => serverEnd('misused', { start }, options)).toThrow(
    expect.objectContaining({ code: 'OPTION_INVALID', message: expect.stringMatching(words) }),
  );
  expect(start).not.toHaveBeenCalled();
});

/** Each test's status and place below its suite; of scenarios the id. */
function of(suite: string): readonly string[] {
  return tests
    .filter(({ name }) => name.startsWith(`${suite} > `))
    .map(({ name, status }) => `${status} ${name.slice(suite.length + 3).replace(/scenarios > .*\[(.*)\]$/u, '$1')}`);
}

/** Whether this Node has the fix of CVE-2026-123867. */
function isFixed(): boolean {
  const [major = 0, minor = 0, patch = 0] = process.versions.node.split('.').map(Number);
  const [fixedMinor = 0, fixedPatch = 0] = { 22: [23, 5], 24: [22, 3], 26: [13, 1] }[major] ?? [0];
  return minor > fixedMinor || (minor === fixedMinor && patch >= fixedPatch);
}
