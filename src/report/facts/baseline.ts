import { readFileSync } from 'node:fs';
import { MtlsFixturesError } from '../../errors/index.ts';
import type { Report, ReportComparison, ReportResult } from '../report.ts';
import { isResultStatus } from '../../scenarios/records/scenario-record.ts';

/** What is read of an earlier report. */
export interface Baseline {
  readonly startedAt: string;
  readonly commit?: string;
  readonly statuses: ReadonlyMap<string, ReportResult['status']>;
}

/** Reads the JSON file of an earlier run. Throws `BASELINE_INVALID`. */
export function readBaseline(file: string): Baseline {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw invalid(file, reasonOf(error), error);
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw invalid(file, 'it is not JSON', error);
  }
  return baselineIn(json, file);
}

/** Compares the results of a run with those of an earlier one, by their keys. */
export function compareWith(baseline: Baseline, report: Pick<Report, 'targets' | 'assertions'>): ReportComparison {
  const now = new Map(allResults(report).map(({ key, status }) => [key, status]));
  const both = [...now].flatMap(([key, status]) => {
    const before = baseline.statuses.get(key);
    return before === undefined ? [] : [{ key, before, now: status }];
  });
  return {
    startedAt: baseline.startedAt,
    ...(baseline.commit !== undefined && { commit: baseline.commit }),
    newlyFailing: both.filter((each) => isFailing(each.now) && !isFailing(each.before)),
    newlyPassing: both.filter((each) => each.now === 'as-expected' && isFailing(each.before)),
    newlySkipped: both.filter((each) => each.now === 'skipped' && each.before !== 'skipped'),
    new: [...now].flatMap(([key, status]) => (baseline.statuses.has(key) ? [] : [{ key, now: status }])),
    gone: [...baseline.statuses].flatMap(([key, before]) => (now.has(key) ? [] : [{ key, before }])),
    stillFailing: both.filter((each) => isFailing(each.now) && isFailing(each.before)).length,
  };
}

/** `1 newly failing, 2 gone`; `no difference` where there is none. */
export function comparisonText(comparison: ReportComparison): string {
  const parts = comparisonParts.map(({ member, word }) => ({ word, number: comparison[member].length })).filter(({ number }) => number > 0);
  return parts.length === 0 ? 'no difference' : parts.map(({ word, number }) => `${number} ${word}`).join(', ');
}

/** The lists of a comparison, in the order in which they are shown. */
export const comparisonParts = [
  { member: 'newlyFailing', word: 'newly failing' },
  { member: 'newlyPassing', word: 'newly passing' },
  { member: 'newlySkipped', word: 'newly skipped' },
  { member: 'new', word: 'new' },
  { member: 'gone', word: 'gone' },
] as const;

function allResults({ targets, assertions }: Pick<Report, 'targets' | 'assertions'>): readonly Pick<ReportResult, 'key' | 'status'>[] {
  return [...targets.flatMap(({ results }) => results), ...assertions];
}

function isFailing(status: ReportResult['status']): boolean {
  return status === 'unexpected' || status === 'not-judged';
}

/** Checks what is read: the file may be of another tool, of another version, or of before results had keys. */
function baselineIn(json: unknown, file: string): Baseline {
  const { version, generator, startedAt, origin, targets, assertions = [] } = objectOf(json);
  if (generator !== 'mtls-fixtures') throw invalid(file, 'it is not a report of mtls-fixtures');
  if (version !== 1) throw invalid(file, `it has the version ${JSON.stringify(version)}, not 1`);
  const lists = Array.isArray(targets) ? targets.map((target) => objectOf(target)['results']) : [undefined];
  const statuses = new Map<string, ReportResult['status']>();
  for (const list of [...lists, assertions]) {
    if (!Array.isArray(list)) throw invalid(file, 'it has no list of results');
    for (const result of list) {
      const { key, status } = objectOf(result);
      if (typeof key !== 'string' || !isResultStatus(status))
        throw invalid(file, 'its results have no key, so it is of an older mtls-fixtures');
      statuses.set(key, status);
    }
  }
  const { commit } = objectOf(origin);
  if (typeof startedAt !== 'string' || Number.isNaN(Date.parse(startedAt))) throw invalid(file, 'it does not say when its run began');
  return { startedAt, ...(typeof commit === 'string' && { commit }), statuses };
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {}; // any object has this type
}

function reasonOf(error: unknown): string {
  const { code } = objectOf(error);
  if (code === 'ENOENT') return 'it does not exist';
  return typeof code === 'string' ? `it cannot be read (${code})` : 'it cannot be read';
}

function invalid(file: string, problem: string, cause?: unknown): MtlsFixturesError {
  return new MtlsFixturesError('BASELINE_INVALID', { path: file, problem }, cause === undefined ? undefined : { cause });
}
