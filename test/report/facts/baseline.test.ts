import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { compareWith, comparisonText, readBaseline } from '../../../src/report/facts/baseline.ts';
import type { Report, ReportResult } from '../../../src/report/report.ts';
import { reportOf, result } from '../a-report.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'baseline-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

test('results that fail, pass or are skipped now and were not before are listed, with those that are new and those that are gone', () => {
  const before = runOf({ a: 'as-expected', b: 'unexpected', c: 'unexpected', d: 'as-expected', e: 'as-expected', f: 'not-judged' });
  const now = runOf({ a: 'unexpected', b: 'as-expected', c: 'not-judged', d: 'skipped', f: 'skipped', g: 'as-expected' });

  const comparison = compareWith(readBaseline(written({ ...before, origin: { commit: 'abc' } })), now);

  expect(comparison).toEqual({
    startedAt: before.startedAt,
    commit: 'abc',
    newlyFailing: [{ key: 'a', before: 'as-expected', now: 'unexpected' }],
    newlyPassing: [{ key: 'b', before: 'unexpected', now: 'as-expected' }],
    newlySkipped: [
      { key: 'd', before: 'as-expected', now: 'skipped' },
      { key: 'f', before: 'not-judged', now: 'skipped' },
    ],
    new: [{ key: 'g', now: 'as-expected' }],
    gone: [{ key: 'e', before: 'as-expected' }],
    stillFailing: 1,
  });
  expect(comparisonText(comparison)).toBe('1 newly failing, 1 newly passing, 2 newly skipped, 1 new, 1 gone');
});

test('a run does not differ from itself', () => {
  const run = runOf({ a: 'as-expected', b: 'unexpected' });

  expect(comparisonText(compareWith(readBaseline(written(run)), run))).toBe('no difference');
});

const { key: _key, ...keyless } = result;
test.for<[what: string, text: string, problem: string]>([
  ['is not JSON', '{', 'it is not JSON'],
  ['is empty', '', 'it is not JSON'],
  ['is null', 'null', 'it is not a report of mtls-fixtures'],
  ['is of another tool', '{"version":1,"stats":{}}', 'it is not a report of mtls-fixtures'],
  ['is of another version', '{"generator":"mtls-fixtures","version":2}', 'it has the version 2, not 1'],
  ['has no targets', '{"generator":"mtls-fixtures","version":1}', 'it has no list of results'],
  [
    'is older',
    JSON.stringify({ generator: 'mtls-fixtures', version: 1, startedAt: '2026-01-01T00:00:00Z', targets: [{ results: [keyless] }] }),
    'its results have no key, so it is of an older mtls-fixtures',
  ],
  [
    'has an unknown status',
    '{"generator":"mtls-fixtures","version":1,"targets":[{"results":[{"key":"a","status":"fine"}]}]}',
    'its results have no key',
  ],
  ['has no time', '{"generator":"mtls-fixtures","version":1,"targets":[]}', 'it does not say when its run began'],
])('a file that %s is an error that says so', ([, text, problem]) => {
  const file = path.join(folder, 'bad.json');
  writeFileSync(file, text);

  expect(() => readBaseline(file)).toThrow(
    expect.objectContaining({ code: 'BASELINE_INVALID', facts: { path: file, problem: expect.stringContaining(problem) } }),
  );
});

test.for([
  ['does not exist', 'none.json', 'it does not exist'],
  ['is a folder', '.', 'it cannot be read (EISDIR)'],
] as const)('a path that %s is an error that says so', ([, name, problem]) => {
  expect(() => readBaseline(path.join(folder, name))).toThrow(
    expect.objectContaining({ code: 'BASELINE_INVALID', facts: { path: path.join(folder, name), problem } }),
  );
});

function runOf(statuses: Readonly<Record<string, ReportResult['status']>>): Report {
  return reportOf(Object.entries(statuses).map(([key, status]) => Object.assign(structuredClone(result), { key, status })));
}

function written(report: Report): string {
  const file = path.join(folder, 'report.json');
  writeFileSync(file, JSON.stringify(report));
  return file;
}
