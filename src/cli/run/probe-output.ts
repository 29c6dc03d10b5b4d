import { type Options, SingleBar } from 'cli-progress';
import { invalidOption } from '../../errors/index.ts';
import { writeNewFile } from '../../pki/files/new-file.ts';
import { exitCodes, type ExitCode } from '../exit-codes.ts';
import { interruptible } from '../output/interruption.ts';
import { placeOf, requireWritable } from '../output/new-files.ts';
import { print } from '../output/terminal.ts';
import { jsonReport, junitReport, probeSummary, type ProbeResult } from './probe-report.ts';

/** Where the results go. */
export interface ReportOptions {
  readonly json?: string;
  readonly junit?: string;
}

/** Rejects files that cannot be written, before anything is run. */
export function requireReportFiles(options: ReportOptions, results: number): void {
  for (const { file } of reportFiles(options)) requireWritable(file, results * octetsPerResult);
}

/** Prints the results, a hint after them where there is one, and writes their files. */
export function reportResults(
  address: string,
  results: readonly ProbeResult[],
  { hint, ...options }: ReportOptions & { readonly hint?: string | undefined },
): ExitCode {
  const { json, junit } = options;
  const summary = [probeSummary(results), ...(hint === undefined ? [] : [hint])].join('\n');
  print(json === '-' ? jsonReport(address, results) : junit === '-' ? junitReport(address, results).trimEnd() : summary);
  for (const { file, report } of reportFiles(options)) writeNewFile(file, report(address, results), 0o666); // as the user's umask has it
  return exitCode(results);
}

/** Shows how much is done; `done` is called with the id of each scenario. */
export async function withProgress<Result>(total: number, run: (done: (scenario: string) => void) => Promise<Result>): Promise<Result> {
  const bar = new SingleBar(barOptions);
  bar.start(total, 0, { scenario: '' });
  const stop = (): void => bar.stop(); // it shows the cursor again
  return interruptible(stop, () => run((scenario) => bar.increment({ scenario }))).finally(stop);
}

interface ReportFile {
  readonly file: string;
  readonly report: (target: string, results: readonly ProbeResult[]) => string;
}

function reportFiles({ json, junit }: ReportOptions): readonly ReportFile[] {
  if (json !== undefined && junit !== undefined && (json === junit || placeOf(json) === placeOf(junit)))
    throw invalidOption('--junit', junit, 'another place than that of --json');
  return [
    ...(junit === undefined || junit === '-' ? [] : [{ file: junit, report: junitReport }]),
    ...(json === undefined || json === '-' ? [] : [{ file: json, report: jsonReport }]),
  ];
}

/** Nothing judged is not a success: the valid client was rejected. */
function exitCode(results: readonly ProbeResult[]): ExitCode {
  if (results.some(({ status }) => status === 'unexpected')) return exitCodes.unexpected;
  const isHindered = results.some(({ status, unsuitable }) => status === 'not-judged' && unsuitable !== true);
  return isHindered || results.every(({ status }) => status === 'not-judged') ? exitCodes.notJudged : exitCodes.asExpected;
}

/** Its own listeners would keep a signal from ending the command. */
const barOptions: Options = {
  format: '{bar} {value}/{total} {scenario}',
  clearOnComplete: true,
  hideCursor: true,
  noTTYOutput: false,
  gracefulExit: false,
};

/** Of JSON, which is the longer report. */
const octetsPerResult = 1024;
