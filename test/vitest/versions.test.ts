import { beforeAll, describe, expect, test } from 'vitest';
import { runSuites, type SuiteTest } from './run-suites.ts';

let tests: readonly SuiteTest[] = [];
beforeAll(async () => {
  tests = await runSuites('versions.suite.ts');
}, 60_000);

const scenarios = 3;
const spoken = ['passed control', ...Array.from({ length: scenarios }, () => 'passed scenario'), 'passed last-control'];

describe('a version that is not spoken is one skipped test with its reason, and the other is judged', () => {
  test.for([
    ['started', 'server', 'rejected by the server: UNSUPPORTED_PROTOCOL'],
    ['observed', 'server', 'rejected by the server: UNSUPPORTED_PROTOCOL'],
    ['endpoint', 'server', 'alert protocol_version'],
    ['has no cipher suite of TLS 1.2', 'server', 'alert handshake_failure'],
    ['client', 'client', 'rejected by the server: UNSUPPORTED_PROTOCOL'],
  ] as const)('%s', ([suite, role, seen]) => {
    const [one, ...others] = of(suite, 'TLSv1.2');

    expect(of(suite, 'TLSv1.3').map(kindOf)).toEqual(spoken);
    expect(others).toEqual([]);
    expect(one).toMatchObject({
      name: expect.stringContaining('(control)'),
      status: 'skipped',
      result: expect.stringContaining(`the ${role} does not speak TLSv1.2: `),
    });
    expect(one?.result).toContain(seen);
  });

  test.for([['started, old'], ['client, old']] as const)('%s', ([suite]) => {
    const missing = of(suite, 'TLSv1.3');
    const judged = of(suite, 'TLSv1.2');

    expect(missing.map(kindOf)).toEqual(['skipped control']);
    expect(judged.length).toBeGreaterThanOrEqual(spoken.length);
    expect(judged.filter(({ status }) => status !== 'passed')).toEqual([]);
  });
});

test('what depends on no version is run with the one that is spoken', () => {
  expect(of('started, old', 'TLSv1.2').map(({ name }) => name)).toContainEqual(expect.stringContaining('[garbage-first-flight]'));
});

test('a server that speaks both versions is judged in both', () => {
  expect(of('complete', 'TLSv1.3').map(kindOf)).toEqual(spoken);
  expect(of('complete', 'TLSv1.2').map(kindOf)).toEqual(spoken);
});

describe('a server that is reached only once hooks have run: what the tests that were defined say is one row of the report', () => {
  test.for([['found later'], ['attempt']] as const)('%s', ([suite]) => {
    const missing = of(suite, 'TLSv1.2');

    expect(of(suite, 'TLSv1.3').map(kindOf)).toEqual(spoken);
    expect(missing.map(({ status }) => status)).toEqual(spoken.map(() => 'skipped'));
    expect(missing.filter(({ isAside }) => !isAside).map(kindOf)).toEqual(['skipped control']);
    expect(missing[0]?.result).toContain('the server does not speak TLSv1.2: ');
  });
});

describe('a version that was asked for and is not spoken is one failure', () => {
  test.for([
    ['started, asked for both', 'server'],
    ['started, asked for one', 'server'],
    ['client, asked for both', 'client'],
  ] as const)('%s', ([suite, role]) => {
    const missing = of(suite, 'TLSv1.2');

    expect(missing.map(kindOf)).toEqual(['failed control']);
    expect(missing[0]?.message).toContain(`the ${role} does not speak TLSv1.2, which versions asks for`);
  });
});

describe('a refusal that is not shown to be for the version fails', () => {
  test('of a server that refuses every client', () => {
    const [control, ...others] = of('refuses every client', 'TLSv1.3');
    const [other] = of('refuses every client', 'TLSv1.2');

    expect(control).toMatchObject({ status: 'failed', message: expect.stringContaining('the valid client was refused, so nothing else') });
    expect(others.map(({ status }) => status)).toEqual(others.map(() => 'skipped'));
    expect(other).toMatchObject({ status: 'failed', message: expect.stringContaining('the valid client was refused, so nothing else') });
  });

  test('of a server with a cipher suite that the valid client does not offer', () => {
    const [control] = of('has one rare cipher suite of TLS 1.2', 'TLSv1.2');

    expect(control).toMatchObject({ status: 'failed', message: expect.stringContaining('NO_SHARED_CIPHER') });
  });
});

describe('a client that verifies the name in its URL alone', () => {
  test('has one skipped test for all scenarios that ask for another name', () => {
    const skipped = of('client by its URL alone', 'TLSv1.3').filter(({ status }) => status !== 'passed');

    expect(skipped).toHaveLength(1);
    expect(skipped[0]).toMatchObject({ status: 'skipped', name: expect.stringContaining("another name than its URL's (3 scenarios)") });
    expect(skipped[0]?.result).toContain('pass it on');
    expect(skipped[0]?.result).toContain('wrong-host-subdomain, wildcard-valid, san-leading-dot');
    expect(of('client by its URL alone', 'TLSv1.3').map(kindOf)).toContain('passed last-control');
  });

  test('that cannot be called before hooks have run has one row in the report', () => {
    const skipped = of('client by its URL alone, ready later', 'TLSv1.3').filter(({ status }) => status !== 'passed');

    expect(skipped.map(({ status }) => status)).toEqual(['skipped', 'skipped', 'skipped']);
    expect(skipped.filter(({ isAside }) => !isAside)).toHaveLength(1);
  });

  test('beside one that takes the name and is judged by each of them', () => {
    expect(of('client by any name', 'TLSv1.3').map(({ status }) => status)).toEqual(Array.from({ length: 6 }, () => 'passed'));
  });

  test('beside one that refuses every server and fails', () => {
    expect(of('client of other anchors', 'TLSv1.3')[0]).toMatchObject({ status: 'failed' });
    expect(of('client of other anchors', 'TLSv1.3').filter(({ status }) => status === 'passed')).toEqual([]);
  });
});

test('a suite that is switched off starts nothing', () => {
  expect(tests.find(({ name }) => name === 'a suite that is switched off starts nothing')).toMatchObject({ status: 'passed' });
});

function kindOf({ status, kind = 'unknown' }: SuiteTest): string {
  return `${status} ${kind}`;
}

function of(suite: string, version: string): readonly SuiteTest[] {
  return tests.filter(({ name }) => name.startsWith(`${suite} > ${version} > `));
}
