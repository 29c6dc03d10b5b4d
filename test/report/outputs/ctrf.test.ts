import { expect, test } from 'vitest';
import { ctrfJson } from '../../../src/report/outputs/ctrf.ts';
import { ctrf, errorsBy } from './formats.ts';
import { hostile, refusedControl, sampleFinding, sampleReport, sampleResult, sampleTarget } from './sample-report.ts';

const lines = new Map();
const report = sampleReport(
  sampleTarget([
    sampleResult({ retries: 2 }),
    sampleFinding({ version: 'TLSv1.2' }),
    sampleResult({ id: 'unknown-ca', status: 'skipped', message: 'known, see #12' }),
    sampleResult({ id: 'wrong-host', status: 'not-judged', message: 'not judged: the valid client was refused' }),
  ]),
);

interface Ctrf {
  readonly results: {
    readonly summary: object;
    readonly tests: readonly { readonly extra: { readonly mtlsFixtures: { readonly fingerprint: string } } }[];
  };
}

test('each result is a test with its status, file, line and suite; the summary counts them', () => {
  const { summary, tests } = (JSON.parse(ctrfJson(report, new Map([['\0\0test/api.test.ts\0api', 7]]), '1.2.3')) as Ctrf).results; // valid, see below

  expect(summary).toEqual({
    tests: 4,
    passed: 1,
    failed: 1,
    skipped: 1,
    pending: 0,
    other: 1,
    suites: 1,
    start: Date.UTC(2026, 10, 30, 12),
    stop: Date.UTC(2026, 10, 30, 12) + 1500,
  });
  expect(tests).toMatchObject([
    { name: 'an expired leaf [expired-leaf]', status: 'passed', duration: 12, suite: ['api', 'TLS 1.3'], retries: 2, flaky: true },
    {
      status: 'failed',
      rawStatus: 'unexpected',
      message: 'it was accepted',
      filePath: 'test/api.test.ts',
      line: 7,
      suite: ['api', 'TLS 1.2'],
      tags: ['time', 'core', 'high', 'CWE-298'],
      extra: {
        mtlsFixtures: { id: 'expired-leaf', underTest: 'server', version: 'TLSv1.2', controls: ['ASVS-v5.0.0-12.1.3', 'SP800-52r2-3.5.1'] },
      },
    },
    { status: 'skipped', message: 'known, see #12' },
    { status: 'other', rawStatus: 'not-judged' },
  ]);
});

test.for([
  ['results of every status', report],
  ['a refused control', sampleReport(sampleTarget([refusedControl()]))],
  ['hostile text', sampleReport(sampleTarget([sampleFinding({ message: hostile, title: hostile })], { name: hostile }))],
  ['no results', sampleReport()],
] as const)('%s are valid by what the format requires', ([, each]) => {
  const text = ctrfJson(each, lines, '1.2.3');

  expect(errorsBy(ctrf, text)).toBe(null);
  expect(text).not.toMatch(/\\u0000|\\u001b|\u{202e}/u);
});

test('a test has the same fingerprint in the next run, and no other has it', () => {
  const fingerprints = (text: string): string[] =>
    (JSON.parse(text) as Ctrf).results.tests.map(({ extra }) => extra.mtlsFixtures.fingerprint); // valid, see above
  const first = fingerprints(ctrfJson(report, lines, '1.2.3'));
  const later = { ...report, startedAt: '2026-12-01T12:00:00.000Z', durationMs: 3 };

  expect(fingerprints(ctrfJson(later, new Map([['\0\0test/api.test.ts\0api', 70]]), '2.0.0'))).toEqual(first);
  expect(new Set(first).size).toBe(4);
});
