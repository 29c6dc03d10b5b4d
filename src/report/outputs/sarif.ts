import { weaknessName } from '../../scenarios/catalogue/references.ts';
import { controlOf } from '../../scenarios/catalogue/findings/control.ts';
import type { Report, ReportResult } from '../report.ts';
import { resultName, shortMessage, targetTitle, visible } from '../words.ts';
import { findingsIn, fingerprintOf, resultsIn, seenText, type TargetResult, versionText } from './finding.ts';
import { lineOf, type SuiteLines } from './suite-lines.ts';

/** Where and by what the document was made. */
export interface SarifContext {
  readonly lines: SuiteLines;
  readonly packageVersion: string;
  /** Of the repository to the project's root: '' or `packages/api/`. */
  readonly folder: string;
}

/**
 * The unexpected results as SARIF 2.1.0, with the scenarios that were judged as rules. A control that failed and what was not judged are notifications of the run: nothing is
 * known then of the target's security.
 */
export function sarifJson(report: Report, context: SarifContext): string {
  const judged = resultsIn(report).filter(({ result }) => result.kind === 'scenario' && isJudged(result));
  const rules = [...new Map(judged.map(({ result }) => [result.id, result])).values()];
  const places = new Map(rules.map(({ id }, index) => [id, index]));
  const findings = findingsIn(report).filter(({ result }) => result.kind === 'scenario');
  const { startedAt, durationMs, interrupted } = report;
  const document = {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'mtls-fixtures', semanticVersion: context.packageVersion, rules: rules.map(rule) } },
        automationDetails: { id: 'mtls-fixtures/' },
        columnKind: 'utf16CodeUnits',
        invocations: [
          {
            executionSuccessful: !interrupted,
            startTimeUtc: startedAt,
            endTimeUtc: new Date(Date.parse(startedAt) + durationMs).toISOString(),
            toolExecutionNotifications: notificationsOf(report),
          },
        ],
        results: findings.map((finding) => sarifResult(finding, { ...context, ruleIndex: places.get(finding.result.id) ?? -1 })),
      },
    ],
  };
  return `${JSON.stringify(document, null, 1)}\n`;
}

function isJudged({ status }: ReportResult): boolean {
  return status === 'as-expected' || status === 'unexpected';
}

function rule({ id, title, differs, reference, severity, cwes, controls, group, tier }: ReportResult): object {
  const score = scores[severity];
  const weaknesses = cwes.map((cwe) => `${cwe} ${weaknessName(cwe)}`);
  const clauses = controls.map(controlOf).map(({ document, clause }) => `${document} ${clause}`);
  const help = [`Differs: ${differs}.`, `References: ${reference}.`, `Weaknesses: ${weaknesses.join('; ')}.`];
  if (clauses.length > 0) help.push(`Controls: ${clauses.join('; ')}.`);
  return {
    id,
    name: pascalCase(id),
    shortDescription: { text: visible(title) },
    fullDescription: { text: visible(differs) },
    help: { text: visible(help.join('\n')) },
    defaultConfiguration: { level: levels[severity] },
    properties: {
      tags: [...(score === undefined ? [] : ['security']), group, tier, ...cwes.map((cwe) => `external/cwe/${cwe.toLowerCase()}`)],
      precision: 'very-high',
      ...(score !== undefined && { 'security-severity': score }),
      severity,
      controls,
    },
  };
}

function sarifResult(found: TargetResult, { lines, folder, ruleIndex }: SarifContext & { readonly ruleIndex: number }): object {
  const { target, result } = found;
  const { id, title, severity, version } = result;
  const told = `${targetTitle(target)}, ${versionText(version)}: ${title}: ${seenText(result)}`;
  return {
    ruleId: id,
    ruleIndex,
    level: levels[severity],
    message: { text: visible(told) },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: uriOf(`${folder}${target.file}`), uriBaseId: '%SRCROOT%' },
          region: { startLine: lineOf(target, lines) },
        },
        logicalLocations: [{ fullyQualifiedName: visible(targetTitle(target)), kind: 'module' }],
      },
    ],
    partialFingerprints: { 'mtlsFixtures/v1': fingerprintOf(found) },
    properties: { version, underTest: target.underTest },
  };
}

/** What hindered the run: a control that failed, and how much could not be judged of each target. */
function notificationsOf(report: Report): object[] {
  const controls = findingsIn(report).filter(({ result }) => result.kind !== 'scenario');
  const unjudged = report.targets.filter(({ counts }) => counts['not-judged'] > 0);
  return [
    ...controls.map(({ target, result }) => ({
      level: 'error',
      message: {
        text: visible(`${targetTitle(target)}, ${versionText(result.version)}: ${resultName(result)}: ${shortMessage(result)}`),
      },
    })),
    ...unjudged.map((target) => ({
      level: 'warning',
      message: { text: visible(`${targetTitle(target)}: ${target.counts['not-judged']} results were not judged`) },
    })),
  ];
}

/** A relative reference: a file's name may contain what a URI cannot. */
function uriOf(file: string): string {
  return file.split(/[\\/]/u).map(encodeURIComponent).join('/');
}

function pascalCase(id: string): string {
  return id.replaceAll(/(?:^|-)(\w)/gu, (_match, letter: string) => letter.toUpperCase());
}

const levels = { critical: 'error', high: 'error', medium: 'warning', low: 'note', informational: 'note' } as const;

/** In the middle of what code scanning calls critical (over 9.0), high (7.0 to 8.9), medium (4.0 to 6.9) and low (0.1 to 3.9). */
const scores: Readonly<Record<ReportResult['severity'], string | undefined>> = {
  critical: '9.5',
  high: '8.0',
  medium: '5.5',
  low: '2.0',
  informational: undefined,
};
