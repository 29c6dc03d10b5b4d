import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ReportedRun, runReport } from '../run-report.ts';
import { ctrf, errorsBy, sarif } from './formats.ts';
import { elementsIn, parseXml } from './parse-xml.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'github-'));
const summary = path.join(folder, 'summary.md');
const files = { junitFile: 'ci/mtls.xml', ctrfFile: 'ci/ctrf.json', sarifFile: 'ci/mtls.sarif' };
const environment = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary, GITHUB_WORKSPACE: process.cwd() };
let run: ReportedRun;
beforeAll(async () => {
  run = await runReport(['servers.suite.ts', 'clients.suite.ts'], { env: environment, outputs: { files } });
});
afterAll(async () => {
  await run[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

test('a run writes JUnit, CTRF and SARIF, each valid and with the same results', () => {
  const [junit, ctrfText, sarifText] = ['ci/mtls.xml', 'ci/ctrf.json', 'ci/mtls.sarif'].map((name) =>
    readFileSync(path.join(run.folder, name), 'utf8'),
  );
  const failures = elementsIn(parseXml(junit ?? '')).filter(({ name }) => name === 'failure');

  expect(failures).toHaveLength(run.report.counts.unexpected);
  expect(errorsBy(ctrf, ctrfText ?? '')).toBe(null);
  expect(JSON.parse(ctrfText ?? '')).toMatchObject({ results: { summary: { failed: run.report.counts.unexpected } } });
  expect(errorsBy(sarif, sarifText ?? '')).toBe(null);
  // The controls that were refused are not findings.
  expect(JSON.parse(sarifText ?? '')).toMatchObject({ runs: [{ results: { length: run.report.counts.unexpected - 2 } }] });
  expect(run.output).toContain(`, ${path.join(run.folder, 'ci/mtls.xml')}, `);
  expect(readdirSync(path.join(run.folder, 'ci')).toSorted()).toEqual(['ctrf.json', 'mtls.sarif', 'mtls.xml']);
});

test('findings are at the line of the test file that defines the suite', () => {
  const place = lineIn('servers.suite.ts', "describeServerUnderTest('accepts every client'");

  expect(run.output).toContain(
    `\n::error file=test/vitest/suites/servers.suite.ts,line=${place},title=expired-leaf (high)::accepts every client, TLS 1.3: an expired leaf: expected rejected by the server`,
  );
  expect(readFileSync(path.join(run.folder, 'ci/mtls.sarif'), 'utf8')).toContain(`"startLine": ${place}\n`);
  expect(run.output).toContain(
    `suites/clients.suite.ts,line=${lineIn('clients.suite.ts', "describeClientUnderTest('trusts every server'")},`,
  );
});

test('the summary of the step has the findings', () => {
  const text = readFileSync(summary, 'utf8');

  expect(text).toContain('## mtls-fixtures: 29 of 35 as expected, 6 unexpected');
  expect(text).toContain('| high | accepts every client | 1.3 | expired-leaf |');
});

test('an output that cannot be written is one line and fails the run, and the others are written all the same', async () => {
  const quiet = { GITHUB_ACTIONS: '' };
  const names = { junitFile: 'junit.xml', ctrfFile: 'report.html/below', sarifFile: 'report.json/below' };
  await using fine = await runReport(['hostile.suite.ts'], { env: quiet });
  await using other = await runReport(['hostile.suite.ts'], { env: quiet, outputs: { files: names } });

  expect(other.output.match(/^Cannot write .*$/gmu)).toEqual([
    expect.stringContaining('report.html": '),
    expect.stringContaining('report.json": '),
  ]);
  expect(other.output).not.toMatch(/::error|^\s+at /mu);
  expect([fine.exitCode, other.exitCode]).toEqual([0, 1]);
  expect(readdirSync(other.folder)).toEqual(expect.arrayContaining(['junit.xml', 'report.html', 'report.json']));
});

function lineIn(file: string, start: string): number {
  const lines = readFileSync(path.join('test/vitest/suites', file), 'utf8').split('\n');
  return lines.findIndex((line) => line.startsWith(start)) + 1;
}
