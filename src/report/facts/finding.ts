import type { Severity } from '../../scenarios/catalogue/references.ts';
import { describeOutcome } from '../../scenarios/records/scenario-result.ts';
import { countsOf, type Report, type ReportCounts, type ReportResult, type ReportTarget } from '../report.ts';
import { resultName, targetTitle } from '../words.ts';

/** The severity of a finding: of what was to be rejected and was not. Absent of every other result: a rejection for another reason lets no attacker in. */
export function severityOf({ status, expected, handshake, severity }: ReportResult): Severity | undefined {
  return status === 'unexpected' && expected.verdict === 'rejected' && handshake?.verdict !== 'rejected' ? severity : undefined;
}

/** What an unexpected result means, and how bad it is, in a sentence or two; absent of every other result. */
export function meaningOf({ underTest }: Pick<ReportTarget, 'underTest'>, result: ReportResult): string | undefined {
  const { status, kind, expected, handshake, title, differs } = result;
  if (status !== 'unexpected') return undefined;
  const peer = underTest === 'server' ? 'client' : 'server';
  if (kind === 'last-control') return `The ${underTest} refuses a valid ${peer} after the scenarios: one of them has broken it.`;
  if (kind === 'control') return `The ${underTest} refuses a valid ${peer}, so none of its other answers shows anything.`;
  if (expected.verdict === 'accepted')
    return `The ${underTest} refuses what is valid, though unusual (${title}: ${differs}): peers that present it cannot connect. No attack follows from it.`;
  if (handshake?.verdict === 'rejected')
    return `It was rejected, but not ${describeOutcome(expected).replace('rejected ', '')}: whether the ${underTest} checks for this (${differs}) is not shown.`;
  const severity = severityOf(result);
  const severityText =
    severity === undefined ? 'How bad that is depends on what the service allows.' : `Severity ${severity}: ${severityMeanings[severity]}.`;
  return `The ${underTest} under test does not reject ${title} (${differs}). ${severityText}`;
}

/** One line on a run: how much is unexpected, and the worst of it. */
export function summaryLine({ targets, counts, assertions }: Pick<Report, 'targets' | 'counts' | 'assertions'>): string {
  return [...(targets.length === 0 ? [] : [suitesLine(targets, counts)]), ...assertionsLine(countsOf(assertions))].join(' ');
}

function suitesLine(targets: readonly ReportTarget[], counts: ReportCounts): string {
  const judged = counts['as-expected'] + counts.unexpected;
  const rest = leftOver(counts);
  if (counts.unexpected === 0) return `${judged === 0 ? 'No result was judged' : `All ${judged} judged results are as expected`}${rest}.`;
  const found = targets.flatMap((target) =>
    target.results.flatMap((result) => (result.status === 'unexpected' ? [{ target, result }] : [])),
  );
  const [worst] = found.toSorted((one, other) => rankOf(one.result) - rankOf(other.result));
  const bySeverity = severities.flatMap((severity) => {
    const number = found.filter(({ result }) => severityOf(result) === severity).length;
    return number === 0 ? [] : [`${number} ${severity}`];
  });
  const others = found.filter(({ result }) => severityOf(result) === undefined).length;
  const listed = [...bySeverity, ...(others === 0 ? [] : [`${others} without a severity`])].join(', ');
  return `${counts.unexpected} of ${judged} judged results ${counts.unexpected === 1 ? 'is' : 'are'} unexpected: ${listed}${rest}. ${worst ? worstOf(worst.target, worst.result) : ''}`;
}

function assertionsLine(counts: ReportCounts): readonly string[] {
  const judged = counts['as-expected'] + counts.unexpected;
  if (judged + counts['not-judged'] === 0) return [];
  if (counts.unexpected === 0) return [`${judged === 0 ? 'No assertion' : `All ${judged} assertions`} in tests passed${leftOver(counts)}.`];
  return [`${counts.unexpected} of ${judged} assertions in tests failed${leftOver(counts)}.`];
}

function worstOf(target: ReportTarget, result: ReportResult): string {
  const severity = severityOf(result);
  const name = `${resultName(result)} at "${targetTitle(target)}"`;
  return severity === undefined ? `First: ${name}.` : `Worst: ${name} is not rejected, ${severity}.`;
}

function leftOver(counts: ReportCounts): string {
  return counts['not-judged'] === 0 ? '' : `; ${counts['not-judged']} could not be judged`;
}

/** The place of a result among others, the worst first. */
export function rankOf(result: ReportResult): number {
  const severity = severityOf(result);
  return severity === undefined ? severities.length : severities.indexOf(severity);
}

/** The worst first. */
const severities: readonly Severity[] = ['critical', 'high', 'medium', 'low', 'informational'];

/** As the catalogue defines them. */
const severityMeanings: Readonly<Record<Severity, string>> = {
  critical: 'a credential that no trusted CA has issued passes, or none at all',
  high: 'a credential passes for another peer, for longer, or for more than it was issued for, or data is sent in the clear',
  medium: 'an attacker needs more than this, such as weak cryptography that is broken or a CA that errs, or a service is exhausted',
  low: 'no attack follows from it alone',
  informational: 'no attack follows from it',
};
