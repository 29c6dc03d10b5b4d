import { expect, test } from 'vitest';
import { rankOf } from '../../../src/report/facts/finding.ts';
import { githubAnnotations } from '../../../src/report/outputs/github-annotations.ts';
import { githubSummary, longestSummary } from '../../../src/report/outputs/github-summary.ts';
import { findingsIn } from '../../../src/report/outputs/finding.ts';
import type { ReportResult } from '../../../src/report/report.ts';
import { handshake } from '../a-report.ts';
import { refusedControl, sampleFinding, sampleReport, sampleTarget } from './sample-report.ts';

const accepted = sampleFinding({ id: 'expired-leaf', severity: 'high', handshake: { ...handshake, verdict: 'accepted' } });
/** By its row it is critical, but nothing gets in. */
const otherReason = sampleFinding({ id: 'unknown-ca', severity: 'critical', handshake: { ...handshake, verdict: 'rejected' } });
const refused = sampleFinding({ id: 'valid-rsa2048', severity: 'medium', expected: { verdict: 'accepted' } });
const report = sampleReport(sampleTarget([otherReason, refused, refusedControl(), accepted]));
const order = ['expired-leaf', 'unknown-ca', 'valid-rsa2048', 'control'];

test('the worst comes first, and what was rejected for another reason after every client that gets in, as on the page', () => {
  const findings = findingsIn(report).map(({ result }) => result);

  expect(findings.map(({ id }) => id)).toEqual(order);
  expect(findings.map(rankOf)).toEqual(findings.map(rankOf).toSorted((one, other) => one - other));
});

test('the outputs for GitHub name the severity that the page names, and none where there is none', () => {
  const columns = githubSummary(report, new Map(), longestSummary)
    .split('\n')
    .flatMap((line) => (line.includes('api.test.ts') ? [line.split(' | ')[0]] : []));
  const titles = githubAnnotations(report, new Map(), '').map((annotation) => /title=([^,:]+)/u.exec(annotation)?.[1]);

  expect(columns).toEqual(['| high', '| none', '| none', '| control']);
  expect(titles).toEqual(order.map((id: ReportResult['id']) => (id === 'expired-leaf' ? 'expired-leaf (high)' : id)));
});
