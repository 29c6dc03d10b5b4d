import { readFileSync } from 'node:fs';
import { fileReason, MtlsFixturesError } from '../../errors/index.ts';
import type { ExpectedOutcome, TestedVersion } from '../../scenarios/catalogue/scenario.ts';
import { isResultStatus, type ResultRecord } from '../../scenarios/records/scenario-record.ts';

/** A result of a scenario, of what is in a report. */
export interface JudgedResult {
  /** The end under test and the scenario: `server/expired-leaf`. */
  readonly key: string;
  readonly version: TestedVersion;
  /** What was expected of this target, which may be another outcome than the scenario's. */
  readonly expected: ExpectedOutcome['verdict'];
  readonly status: ResultRecord['status'];
}

/** The results of scenarios in the JSON file of `mtls-fixtures/reporter`. Throws `REPORT_INVALID`. */
export function readReport(file: string): readonly JudgedResult[] {
  const report = parse(file, textOf(file));
  const { generator, version, targets } = membersOf(report);
  if (generator !== 'mtls-fixtures' || !Array.isArray(targets)) throw invalid(file, 'it is not a report of mtls-fixtures/reporter');
  if (version !== 1) throw invalid(file, `it has version ${JSON.stringify(version)}, and this is for version 1`);
  return targets.flatMap((target: unknown) => resultsOf(file, target));
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw invalid(file, fileReason(error), error);
  }
}

function parse(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw invalid(file, 'it is not JSON', error);
  }
}

function resultsOf(file: string, target: unknown): JudgedResult[] {
  const { underTest, results } = membersOf(target);
  if ((underTest !== 'client' && underTest !== 'server') || !Array.isArray(results)) throw invalid(file, 'a target in it is damaged');
  return results.flatMap((result: unknown) => {
    const { kind, id, status, version, expected } = membersOf(result);
    const { verdict } = membersOf(expected);
    if (typeof id !== 'string' || !isResultStatus(status) || !isVersion(version) || !isVerdict(verdict))
      throw invalid(file, 'a result in it is damaged');
    return kind === 'scenario' ? [{ key: `${underTest}/${id}`, version, expected: verdict, status }] : [];
  });
}

function isVersion(value: unknown): value is TestedVersion {
  return value === 'TLSv1.3' || value === 'TLSv1.2' || value === 'HTTP';
}

function isVerdict(value: unknown): value is JudgedResult['expected'] {
  return value === 'accepted' || value === 'rejected';
}

function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  return Object(value) as Readonly<Record<string, unknown>>; // Object() leaves nothing to read of what is not an object
}

function invalid(path: string, problem: string, cause?: unknown): MtlsFixturesError {
  return new MtlsFixturesError('REPORT_INVALID', { path, problem }, { cause });
}
