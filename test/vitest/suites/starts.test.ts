import { beforeAll, describe, expect, test } from 'vitest';
import { printedBySuites, runSuites, type SuiteTest } from '../run-suites.ts';

let tests: readonly SuiteTest[] = [];
let printed = '';
beforeAll(async () => {
  const options = ['--hookTimeout=1000'];
  tests = await runSuites('starts.suite.ts', options);
  printed = await printedBySuites('starts.suite.ts', options);
});

describe('a server under test that does not start fails its suite once', () => {
  test.for([
    ['throws', 'Cannot start the server under test: start threw "no database"; '],
    ['returns nothing', 'Cannot start the server under test: start returned "undefined"; '],
    ['returns a server without TLS', 'Cannot start the server under test: start returned "Server, which is a server without TLS"; '],
    ['listens on nothing', 'Cannot connect to "127.0.0.1:1": ECONNREFUSED; '],
    ['never starts', 'Cannot start the server under test: start or target did not settle within "1000" ms; '],
  ] as const)('where its start %s', ([name, message]) => {
    expect(printed.split(message)).toHaveLength(2);
    expect(of(name).map(({ status }) => status)).toEqual(of(name).map(() => 'skipped'));
    expect(of(name).length).toBeGreaterThan(3);
  });

  test('where its port is taken by the one that runs: what needs no server of its own is judged, and the rest is one failure', () => {
    const suite = of('listens on one port');

    const [control, expired, ...needing] = suite;
    const last = needing.pop();
    expect([control, expired, last].map((each) => each?.status)).toEqual(['passed', 'passed', 'passed']);
    expect(needing.map(({ status }) => status).toSorted()).toEqual(['failed', 'skipped', 'skipped']); // the first to be run fails
    expect(suite.filter(({ message }) => message.includes('its server does not listen, EADDRINUSE'))).toHaveLength(1);
    expect(suite.filter(({ isAside }) => isAside)).toHaveLength(2);
  });
});

test('a server for clients that does not start fails the control of each version alone', () => {
  const suite = of('a peer');

  expect(suite.filter(({ status }) => status === 'failed').map(({ kind }) => kind)).toEqual(['control', 'control']);
  expect(
    suite.filter(({ message }) => message.includes('neither accepted nor refused, so nothing else can be judged: "no peer"')),
  ).toHaveLength(2);
  expect(suite.filter(({ status }) => status === 'passed')).toEqual([]);
});

function of(suite: string): readonly SuiteTest[] {
  return tests.filter(({ name }) => name.startsWith(`${suite} > `));
}
