import { expect, test } from 'vitest';
import { githubAnnotations } from '../../../src/report/outputs/github-annotations.ts';
import { hostile, refusedControl, sampleFinding, sampleReport, sampleResult, sampleTarget } from './sample-report.ts';

const lines = new Map([['\0\0test/api.test.ts\0api', 7]]);

test('an unexpected result is an error at the line of its suite, what was not judged a warning', () => {
  const report = sampleReport(
    sampleTarget([refusedControl(), sampleFinding(), sampleResult({ id: 'wrong-host', status: 'not-judged', message: 'not judged' })]),
  );

  expect(githubAnnotations(report, lines, '')).toEqual([
    '::error file=test/api.test.ts,line=7,title=expired-leaf (high)::api, TLS 1.3: an expired leaf: expected rejected by the server with CERT_HAS_EXPIRED, but it was accepted',
    '::error file=test/api.test.ts,line=7,title=control::api, TLS 1.3: accepts the valid client (control): the valid client was refused',
    '::warning file=test/api.test.ts,line=7,title=api%3A not judged::1 results were not judged',
  ]);
  expect(githubAnnotations(sampleReport(sampleTarget([sampleResult()])), lines, '')).toEqual([]);
});

test('paths begin at the folder of the project in the repository', () => {
  expect(githubAnnotations(sampleReport(sampleTarget([sampleFinding()])), lines, 'packages/api/')[0]).toContain(
    'file=packages/api/test/api.test.ts,',
  );
});

test('text of a peer cannot begin another command', () => {
  const report = sampleReport(sampleTarget([sampleFinding({ message: hostile })], { name: hostile, file: hostile }));
  const annotations = githubAnnotations(report, lines, '');

  expect(annotations).toHaveLength(1);
  expect(annotations[0]).not.toMatch(/\n|\r|\u{1b}/u);
  const [, properties = ''] = annotations[0]?.split('::') ?? [];
  expect(properties.split(',').map((property) => property.split('=')[0])).toEqual(['error file', 'line', 'title']);
  expect(annotations[0]).toContain('%250A');
});

test('of more than GitHub shows, the worst are named and the rest counted', () => {
  const findings = Array.from({ length: 25 }, () => sampleFinding({ severity: 'low' }));
  const annotations = githubAnnotations(
    sampleReport(sampleTarget([...findings, sampleFinding({ severity: 'critical', id: 'unknown-ca' })])),
    lines,
    '',
  );

  expect(annotations).toHaveLength(10);
  expect(annotations[0]).toContain('title=unknown-ca (critical)');
  expect(annotations[9]).toContain('::17 more unexpected results');
});
