// The last lines of `.ci/run`: each test that failed, with the first lines of its message, then the counts of `npm test`.
//   npx node .ci/closing-lines.ts REPORT.json [REPORT.json ...]    reports of Vitest's JSON reporter; the first one is counted
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';

/** The part of Vitest's JSON report that is read here. */
interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly testResults: readonly FileResult[];
}

interface FileResult {
  readonly name: string;
  readonly status: string;
  readonly message: string;
  readonly assertionResults: readonly {
    readonly status: string;
    readonly fullName: string;
    readonly failureMessages?: readonly string[];
  }[];
}

const mostLinesOfMessage = 12;

const reports = process.argv.slice(2).flatMap(readReport);
const [suite] = reports;
if (suite === undefined) throw new Error('The run left no report');
const failures = reports.flatMap(({ testResults }) => testResults.flatMap(failuresOf));
const counts = `${suite.numPassedTests} passed, ${suite.numFailedTests} failed, ${suite.numPendingTests} skipped`;
process.stdout.write(`${[...failures, counts].join('\n')}\n`);

function readReport(file: string): Report[] {
  const text = readFileSync(file, 'utf8');
  // A run that was ended from outside leaves an empty file.
  return text === '' ? [] : [JSON.parse(text)];
}

function failuresOf({ name, status, message, assertionResults }: FileResult): string[] {
  const file = path.relative(process.cwd(), name);
  const failed = assertionResults.filter((test) => test.status === 'failed');
  // A file that cannot be loaded, or whose hooks failed, has a message of its own.
  if (failed.length === 0 && status === 'failed') return [failure(file, message)];
  return failed.map(({ fullName, failureMessages }) => failure(`${file} > ${fullName}`, (failureMessages ?? []).join('\n')));
}

function failure(place: string, message: string): string {
  const lines = stripVTControlCharacters(message).split('\n').slice(0, mostLinesOfMessage);
  return [`FAILED ${place}`, ...lines.map((line) => `    ${line}`)].join('\n');
}
