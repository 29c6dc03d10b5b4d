import { expect, test } from 'vitest';
import { sarifJson } from '../../../src/report/outputs/sarif.ts';
import { errorsBy, sarif } from './formats.ts';
import { hostile, refusedControl, sampleFinding, sampleReport, sampleResult, sampleTarget } from './sample-report.ts';

const context = { lines: new Map([['\0\0test/api.test.ts\0api', 7]]), packageVersion: '1.2.3', folder: '' };
const critical = { id: 'unknown-ca', severity: 'critical', cwes: ['CWE-296', 'CWE-347'] } as const;
const report = sampleReport(
  sampleTarget([sampleResult(), sampleFinding({ version: 'TLSv1.2' }), sampleFinding(critical)]),
  sampleTarget([refusedControl(), sampleResult({ id: 'wrong-host', status: 'not-judged', message: 'not judged: refused' })], {
    name: 'database',
  }),
);

interface Run {
  readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string; readonly properties: object }[] } };
  readonly results: readonly { readonly ruleId: string; readonly ruleIndex: number; readonly partialFingerprints: object }[];
  readonly invocations: readonly object[];
}

test('each unexpected scenario is a result of its rule, the worst first, at the line of its suite', () => {
  const { results } = runOf(sarifJson(report, context));

  expect(results).toMatchObject([
    {
      ruleId: 'unknown-ca',
      level: 'error',
      locations: [{ physicalLocation: { artifactLocation: { uri: 'test/api.test.ts' }, region: { startLine: 7 } } }],
    },
    {
      ruleId: 'expired-leaf',
      level: 'error',
      message: { text: 'api, TLS 1.2: an expired leaf: expected rejected by the server with CERT_HAS_EXPIRED, but it was accepted' },
      properties: { version: 'TLSv1.2', underTest: 'server' },
    },
  ]);
});

test('the rules are the scenarios that were judged, each with its severity as a number and its weaknesses as tags', () => {
  const { tool, results } = runOf(sarifJson(report, context));

  expect(tool.driver.rules).toMatchObject([
    {
      id: 'expired-leaf',
      name: 'ExpiredLeaf',
      shortDescription: { text: 'an expired leaf' },
      help: { text: expect.stringContaining('CWE-298 Improper Validation of Certificate Expiration') },
      properties: { tags: ['security', 'time', 'core', 'external/cwe/cwe-298'], 'security-severity': '8.0' },
    },
    {
      id: 'unknown-ca',
      properties: { tags: expect.arrayContaining(['external/cwe/cwe-296', 'external/cwe/cwe-347']), 'security-severity': '9.5' },
    },
  ]);
  expect(results.map(({ ruleId, ruleIndex }) => tool.driver.rules[ruleIndex]?.id === ruleId)).toEqual([true, true]);
});

test.for([
  ['critical', 'error', '9.5'],
  ['high', 'error', '8.0'],
  ['medium', 'warning', '5.5'],
  ['low', 'note', '2.0'],
  ['informational', 'note', undefined],
] as const)('the severity %s is the level %s and the number %s', ([severity, level, number]) => {
  const { tool, results } = runOf(sarifJson(sampleReport(sampleTarget([sampleFinding({ severity })])), context));

  expect(results).toMatchObject([{ level }]);
  expect(tool.driver.rules.map((rule) => Reflect.get(rule.properties, 'security-severity'))).toEqual([number]);
  expect(JSON.stringify(tool.driver.rules).includes('"security"')).toBe(number !== undefined);
});

test('a refused control and what was not judged are notifications, not findings', () => {
  expect(runOf(sarifJson(report, context)).invocations).toMatchObject([
    {
      executionSuccessful: true,
      toolExecutionNotifications: [
        { level: 'error', message: { text: 'database, TLS 1.3: control: the valid client was refused' } },
        { level: 'warning', message: { text: 'database: 1 results were not judged' } },
      ],
    },
  ]);
});

test.for([
  ['findings', report],
  [
    'hostile text',
    sampleReport(
      sampleTarget([sampleFinding({ message: hostile, title: hostile, differs: hostile })], { name: hostile, file: 'a b/%/ü.test.ts' }),
    ),
  ],
  ['no results', sampleReport()],
] as const)('%s are valid by what the format requires', ([, each]) => {
  const text = sarifJson(each, context);

  expect(errorsBy(sarif, text)).toBe(null);
  expect(text).not.toMatch(/\\u0000|\\u001b|\u{202e}/u);
});

test('a finding has the same fingerprint in the next run, whatever moved above it, and no other has it', () => {
  const later = sarifJson({ ...report, startedAt: '2026-12-01T12:00:00.000Z' }, { ...context, lines: new Map() });
  const fingerprints = runOf(sarifJson(report, context)).results.map((result) => result.partialFingerprints);

  expect(runOf(later).results.map((result) => result.partialFingerprints)).toEqual(fingerprints);
  expect(new Set(fingerprints.map((each) => JSON.stringify(each))).size).toBe(2);
});

test('paths begin at the folder that is given, and are escaped as URIs', () => {
  const text = sarifJson(sampleReport(sampleTarget([sampleFinding()], { file: 'a b/c%.test.ts' })), {
    ...context,
    folder: 'packages/api/',
  });

  expect(text).toContain('"uri": "packages/api/a%20b/c%25.test.ts"');
});

function runOf(text: string): Run {
  const [run] = (JSON.parse(text) as { readonly runs: readonly [Run] }).runs; // valid, see above
  return run;
}
