import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { programOf, runAnyway } from './packed-package.ts';
import { blockBelow, masked } from './shown-output.ts';
import { projectRoot } from './syntax.ts';

const readme = readFileSync(path.join(projectRoot, 'README.md'), 'utf8');

test('the README has at most 150 lines', () => {
  expect(readme.trimEnd().split('\n').length).toBeLessThanOrEqual(150);
});

test('its first test has ten lines, and the failure that it shows six', () => {
  expect(blockBelow(readme, '<!-- from test/examples/first-test.test.ts -->')).toHaveLength(10);
  expect(blockBelow(readme, failureMarker)).toHaveLength(6);
});

test('the first test, run against a server that does not insist on good certificates, prints the lines that the README shows', () => {
  const shown = blockBelow(readme, failureMarker).map(masked);

  const printed = failureOfTheFirstTest().split('\n').map(masked);

  expect(printed.filter((line) => shown.includes(line))).toEqual(shown);
});

const failureMarker = '<!-- from the failure of test/examples/first-test.test.ts -->';

/** Runs the example itself, as it is, with the fixtures of test/examples/permissive. */
function failureOfTheFirstTest(): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'mtls-fixtures-readme-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const report = path.join(folder, 'report.json');
  const config = path.join(projectRoot, 'test/examples/permissive/vitest.config.ts');
  const options = ['run', '--config', config, '--root', projectRoot, '--reporter=json', `--outputFile=${report}`];
  runAnyway(process.execPath, [programOf('vitest'), ...options], projectRoot);
  const { testResults } = JSON.parse(readFileSync(report, 'utf8')) as {
    testResults: readonly { assertionResults: readonly { failureMessages: readonly string[] }[] }[];
  }; // Vitest's own format
  return testResults.flatMap(({ assertionResults }) => assertionResults.flatMap(({ failureMessages }) => failureMessages)).join('\n');
}
