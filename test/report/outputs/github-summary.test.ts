import { expect, test } from 'vitest';
import { githubSummary, longestSummary } from '../../../src/report/outputs/github-summary.ts';
import { hostile, refusedControl, sampleFinding, sampleReport, sampleResult, sampleTarget } from './sample-report.ts';

const lines = new Map([['\0\0test/api.test.ts\0api', 7]]);

test('targets, unexpected results and what was not judged are tables; a section without rows is left out', () => {
  const unjudged = { status: 'not-judged', message: 'not judged: the valid client was refused' } as const;
  const report = sampleReport(
    sampleTarget([sampleResult(), sampleFinding({ version: 'TLSv1.2' })]),
    sampleTarget([refusedControl(), sampleResult(unjudged), sampleResult({ ...unjudged, id: 'unknown-ca' })], { name: 'database' }),
  );

  expect(githubSummary(report, lines, longestSummary)).toBe(`## mtls-fixtures: 1 of 3 as expected, 2 unexpected, 2 not judged

| | target | under test | result |
|---|---|---|---|
| ✗ | api | server | 1 of 2 as expected, 1 unexpected |
| ✗ | database | server | 0 of 1 as expected, 1 unexpected, 2 not judged |

### Unexpected

| severity | target | TLS | scenario | expected | seen | defined at |
|---|---|---|---|---|---|---|
| high | api | 1.2 | expired-leaf | rejected by the server with CERT_HAS_EXPIRED | it was accepted | test/api.test.ts&#58;7 |
| control | database | 1.3 | control | accepted | the valid client was refused | test/api.test.ts&#58;1 |

### Not judged

| target | TLS | scenarios | why |
|---|---|---|---|
| database | 1.3 | expired-leaf, unknown-ca | not judged: the valid client was refused |
`);
  expect(githubSummary(sampleReport(sampleTarget([sampleResult()])), lines, longestSummary)).not.toContain('###');
});

test('text of a peer stays text: no markup, no link, no further row', () => {
  const summary = githubSummary(
    sampleReport(sampleTarget([sampleFinding({ message: hostile })], { name: `${hostile} www.evil.test @someone __a__` })),
    lines,
    longestSummary,
  );
  const rows = summary.split('\n').filter((line) => line.startsWith('| '));

  expect(rows.map((row) => row.split('|').length - 1)).toEqual([5, 5, 8, 8]);
  expect(summary).not.toMatch(/<img|`|\*|\[a\]|:\/\/|www\.|@someone|__a|\u{1b}|\u{202e}|\u{0}/u);
  expect(summary).toContain(String.raw`&#92;u{202e}`);
});

test.for([longestSummary, 4000, 1000, 200, 0])('it has at most %d bytes, and says how many rows are left out', (most) => {
  const findings = Array.from({ length: 6000 }, (_, index) =>
    sampleFinding({ id: `expired-leaf-${index}`, message: `${index} ü`.repeat(20) }),
  );
  const summary = githubSummary(sampleReport(sampleTarget(findings)), lines, most);
  const shown = summary.split('\n').filter((line) => line.startsWith('| high')).length;

  expect(Buffer.byteLength(summary)).toBeLessThanOrEqual(most);
  expect(/left out.*: (\d+)\n$/u.exec(summary)?.[1] ?? 'no room').toBe(
    most < 100 ? 'no room' : String(6000 - shown + (most < 300 ? 1 : 0)),
  );
});
