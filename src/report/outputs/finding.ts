import { createHash } from 'node:crypto';
import type { Report, ReportResult, ReportTarget } from '../report.ts';
import { describeOutcome } from '../../scenarios/records/scenario-result.ts';
import { rankOf, severityOf } from '../facts/finding.ts';
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

/** The unexpected results, in the order of the page: the worst first, those without a severity last; of equal severity in the order of the report. */
export function findingsIn(report: Report): readonly TargetResult[] {
  return resultsIn(report)
    .filter(({ result }) => result.status === 'unexpected')
    .toSorted((one, other) => rankOf(one.result) - rankOf(other.result));
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

/** The severity of a finding, as the page has it: `high`, `none`, or `control` for a valid peer that was refused. */
export function severityText(result: ReportResult): string {
  return result.kind === 'scenario' ? (severityOf(result) ?? 'none') : 'control';
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
