import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ReportAssertion } from '../../../src/report/index.ts';
import { type ReportedRun, runReport } from '../run-report.ts';

let run: ReportedRun;
beforeAll(async () => {
  run = await runReport(['assertions.suite.ts']);
});
afterAll(() => run[Symbol.asyncDispose]());

test('assertions of tests are in the report of a run without suites, by file and test, with their handshakes', () => {
  expect(run.report).toMatchObject({ targets: [], summary: '1 of 7 assertions in tests failed; 52 could not be judged.' });
  const [first, second, third] = of('orders API > lets its own clients in and no others');
  expect(first).toMatchObject({
    key: 'assertion:test/vitest/suites/assertions.suite.ts/orders API > lets its own clients in and no others/1',
    file: 'test/vitest/suites/assertions.suite.ts',
    matcher: 'toAccept',
    status: 'as-expected',
    not: false,
    handshake: { verdict: 'accepted', clientChain: { certificates: [expect.any(String), expect.any(String)] } },
    runtime: { node: process.versions.node },
  });
  expect(second).toMatchObject({
    matcher: 'toReject',
    status: 'as-expected',
    expected: { reason: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY' },
    handshake: { verdict: 'rejected', rejectedBy: 'server', reason: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY' },
  });
  expect(third).toMatchObject({ matcher: 'toAccept', status: 'as-expected', not: true, handshake: { verdict: 'rejected' } });
});

test.for([
  [
    'orders API > expects another reason than is given',
    'unexpected',
    'expected the client to be rejected by the server with reason CERT_HAS_EXPIRED',
  ],
  ['orders API > has a control that is refused', 'not-judged', 'no judgement: the control was rejected too'],
  ['a client fails', 'as-expected', 'the call failed because one end refused the handshake'],
  ['a call that fails for another reason shows nothing', 'not-judged', 'it failed with "no such order"'],
] as const)('"%s" is %s', ([name, status, message]) => {
  expect(of(name)).toEqual([expect.objectContaining({ status, message: expect.stringContaining(message) })]);
});

test('a failure that a test caught is left out, and of a test that was run again its last run counts', () => {
  expect(of('a failure that is caught is left out')).toEqual([expect.objectContaining({ matcher: 'toAccept', status: 'as-expected' })]);
  expect(of('of a test that is run again the last run counts')).toHaveLength(1);
});

test('of each test the first fifty are recorded, and the others counted', () => {
  expect(of('more assertions than are recorded')).toHaveLength(50);
  expect(run.report.omittedAssertions).toBe(1);
  expect(run.output).toContain('59 assertions: 6 of 7 as expected, 1 unexpected, 52 not judged, and 1 that were not recorded');
});

function of(name: string): readonly ReportAssertion[] {
  return run.report.assertions.filter((assertion) => assertion.test === name);
}
