import { expect, test } from 'vitest';
import { meaningOf, severityOf, summaryLine } from '../../../src/report/facts/finding.ts';
import { countsOf, type ReportAssertion, type ReportResult } from '../../../src/report/report.ts';
import { handshake, reportOf, result } from '../a-report.ts';

const { handshake: _handshake, ...unobserved } = result;
const accepted: ReportResult = { ...result, status: 'unexpected', handshake: { ...handshake, verdict: 'accepted' } };
const otherwise: ReportResult = { ...result, status: 'unexpected' };
const control: ReportResult = { ...unobserved, kind: 'control', id: 'control', status: 'unexpected', expected: { verdict: 'accepted' } };
const server = { underTest: 'server' } as const;

test.for<[what: string, result: ReportResult, severity: string | undefined]>([
  ['accepted, and was to be rejected', accepted, 'high'],
  ['not rejected, which no handshake shows', { ...unobserved, status: 'unexpected' }, 'high'],
  ['rejected, for another reason', otherwise, undefined],
  ['as expected', result, undefined],
  ['rejected, and was to be accepted', { ...otherwise, expected: { verdict: 'accepted' } }, undefined],
])('what is %s has the severity %s', ([, each, severity]) => {
  expect(severityOf(each)).toBe(severity);
});

test.for<[what: string, result: ReportResult, meaning: RegExp]>([
  [
    'that is accepted',
    accepted,
    /^The server under test does not reject an expired leaf \(notAfter was a day ago\)\. Severity high: a credential passes for another peer/u,
  ],
  ['that is rejected for another reason', otherwise, /^It was rejected, but not by the server with CERT_HAS_EXPIRED: .*is not shown\.$/u],
  ['that is refused though valid', { ...otherwise, expected: { verdict: 'accepted' } }, /peers that present it cannot connect/u],
  ['of a control', control, /^The server refuses a valid client, so none of its other answers shows anything\.$/u],
  ['of the control at the end', { ...control, kind: 'last-control' }, /after the scenarios: one of them has broken it/u],
])('a result %s has its meaning', ([, each, meaning]) => {
  expect(meaningOf(server, each) ?? 'none').toMatch(meaning);
});

test.for<[what: string, result: ReportResult]>([
  ['as expected', result],
  ['that is not judged', { ...result, status: 'not-judged' }],
  ['that is skipped', { ...result, status: 'skipped' }],
])('a result %s has no meaning beside itself', ([, each]) => {
  expect(meaningOf(server, each)).toBeUndefined();
});

test.for<[results: readonly ReportResult[], line: string]>([
  [[result, result], 'All 2 judged results are as expected.'],
  [[result, { ...result, status: 'not-judged' }], 'All 1 judged results are as expected; 1 could not be judged.'],
  [[{ ...result, status: 'not-judged' }], 'No result was judged; 1 could not be judged.'],
  [
    [result, otherwise, accepted, { ...accepted, id: 'unknown-ca', severity: 'critical' }],
    '3 of 4 judged results are unexpected: 1 critical, 1 high, 1 without a severity. Worst: unknown-ca at "api [unit]" is not rejected, critical.',
  ],
  [[control], '1 of 1 judged results is unexpected: 1 without a severity. First: control at "api [unit]".'],
])('%# a run is one line, which names the worst', ([results, line]) => {
  expect(summaryLine(reportOf(results))).toBe(line);
});

test.for<[statuses: readonly ReportAssertion['status'][], line: string]>([
  [['as-expected', 'as-expected'], 'All 2 assertions in tests passed.'],
  [['as-expected', 'unexpected', 'not-judged'], '1 of 2 assertions in tests failed; 1 could not be judged.'],
  [['not-judged'], 'No assertion in tests passed; 1 could not be judged.'],
])('a run without suites says what tests asserted: %o', ([statuses, line]) => {
  const assertions = statuses.map((status): ReportAssertion => ({ ...assertion, status }));

  expect(summaryLine({ targets: [], counts: countsOf([]), assertions })).toBe(line);
});

const assertion: ReportAssertion = {
  key: 'assertion:a.test.ts/a/1',
  file: 'a.test.ts',
  test: 'a',
  matcher: 'toReject',
  not: false,
  expected: {},
  status: 'as-expected',
  message: '',
  runtime: { node: '26.10.0', openssl: '3.5.1' },
};
