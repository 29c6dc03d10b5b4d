import { githubAnnotations } from '../../../src/report/outputs/github-annotations.ts';
import { githubSummary, longestSummary } from '../../../src/report/outputs/github-summary.ts';
import { ctrfJson } from '../../../src/report/outputs/ctrf.ts';
import { junitXml } from '../../../src/report/outputs/junit.ts';
import { sarifJson } from '../../../src/report/outputs/sarif.ts';
import { sampleFinding, sampleReport, sampleResult, sampleTarget } from './sample-report.ts';

const report = sampleReport(
  sampleTarget(
    [
      sampleFinding(),
      sampleResult({ id: 'unknown-ca', title: 'a chain that leads to an unknown root', message: 'rejected by the server' }),
      sampleResult({ id: 'leaf-rsa1024', title: 'a leaf with an RSA key of 1,024 bits', status: 'skipped', message: 'known, see #12' }),
    ],
    { name: 'orders API' },
  ),
);
const lines = new Map([['\0\0test/api.test.ts\0orders API', 7]]);

/** What docs/ci-outputs.md shows, each under its marker. */
export const documented: Readonly<Record<string, () => string>> = {
  'the step summary': () => githubSummary(report, lines, longestSummary),
  annotations: () => githubAnnotations(report, lines, '').join('\n'),
  JUnit: () => junitXml(report),
  'a test in CTRF': () =>
    shown((JSON.parse(ctrfJson(report, lines, '0.1.0')) as { readonly results: { readonly tests: readonly object[] } }).results.tests[0]), // as it is written
  'a result in SARIF': () => shown(firstRun().results[0]),
  'a rule in SARIF': () => shown(firstRun().tool.driver.rules[0]),
};

interface Run {
  readonly results: readonly object[];
  readonly tool: { readonly driver: { readonly rules: readonly object[] } };
}

function firstRun(): Run {
  const [run] = (JSON.parse(sarifJson(report, { lines, folder: '', packageVersion: '0.1.0' })) as { readonly runs: readonly [Run] }).runs; // as it is written
  return run;
}

function shown(value: unknown): string {
  return JSON.stringify(value, null, 2);
}
