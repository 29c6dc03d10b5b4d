import { createHash } from 'node:crypto';
import type { Report, ReportResult, ReportTarget } from '../report.ts';
import { describeOutcome } from '../../scenarios/records/scenario-result.ts';
import { severities } from '../facts/finding.ts';
import { shortMessage, targetTitle } from '../words.ts';

/** A result, and the target that it is of. */
export interface TargetResult {
  readonly target: ReportTarget;
  readonly result: ReportResult;
}

/** Every result of a report. */
export function resultsIn({ targets }: Report): readonly TargetResult[] {
  return targets.flatMap((target) => target.results.map((result) => ({ target, result })));
}

/** The unexpected results, the worst first; of equal severity in the order of the report. */
export function findingsIn(report: Report): readonly TargetResult[] {
  return resultsIn(report)
    .filter(({ result }) => result.status === 'unexpected')
    .toSorted((one, other) => severities.indexOf(one.result.severity) - severities.indexOf(other.result.severity));
}

/**
 * The same in every run, and for one result alone: by the end under test, file, suite, version and scenario. Not by the line, which changes with what is written above the
 * suite.
 */
export function fingerprintOf({ target, result }: TargetResult): string {
  const { underTest, file } = target;
  const parts = [underTest, file, targetTitle(target), result.version, result.kind, result.id];
  return createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 32);
}

/** What was expected and what was seen; of a control, what was seen. */
export function seenText(result: ReportResult): string {
  const { kind, status, expected } = result;
  return kind === 'scenario' && status === 'unexpected'
    ? `expected ${describeOutcome(expected)}, but ${shortMessage(result)}`
    : shortMessage(result);
}

/** `TLS 1.3` */
export function versionText(version: ReportResult['version']): string {
  return version.replace('TLSv', 'TLS ');
}
