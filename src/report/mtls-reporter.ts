import type { Reporter, TestModule, TestRunEndReason, Vitest } from 'vitest/node';
import { requireBoolean, requireKnownOptions } from '../options/checks.ts';
import { collectReport } from './collect.ts';
import { type OutputOptions, outputOptionNames, requireOutputOptions } from './outputs/output-options.ts';
import { suiteLines } from './outputs/suite-lines.ts';
import { writeOutputs } from './outputs/write-outputs.ts';
import { reportPage } from './page.ts';
import { terminalSummary } from './terminal-summary.ts';

/** Options of {@link MtlsReporter}. */
export interface MtlsReporterOptions extends OutputOptions {
  /** Where the page is written, relative to the project's root; default `mtls-report.html`. */
  readonly outputFile?: string;
  /** Where the same is written as JSON (a `Report`); default nowhere. */
  readonly jsonFile?: string;
  /** Whether a few lines are printed at the end; default true. */
  readonly summary?: boolean;
}

/**
 * A reporter for Vitest that shows the results of the suites: one self-contained page of HTML, on request files for other programs, a few lines in the
 * terminal. Tests that are not scenarios are skipped. Works with `--merge-reports`.
 */
export class MtlsReporter implements Reporter {
  readonly #options: MtlsReporterOptions & Required<Pick<MtlsReporterOptions, 'outputFile' | 'summary'>>;
  #vitest: Vitest | undefined;

  constructor(options: MtlsReporterOptions = {}) {
    requireKnownOptions('options of mtls-fixtures/reporter', options, ['outputFile', 'jsonFile', 'summary', ...outputOptionNames]);
    const { outputFile = 'mtls-report.html', jsonFile, summary = true } = options;
    requireOutputOptions(options, { outputFile, jsonFile });
    requireBoolean('summary', summary);
    this.#options = { ...options, outputFile, summary };
  }

  /** Called by Vitest. */
  onInit(vitest: Vitest): void {
    this.#vitest = vitest;
  }

  /** Called by Vitest. */
  onTestRunEnd(modules: readonly TestModule[], _errors: readonly unknown[], reason: TestRunEndReason): void {
    const { outputFile, jsonFile, summary } = this.#options;
    const { report, foreign } = collectReport(modules, { interrupted: reason === 'interrupted' });
    if (foreign > 0) this.#print(`mtls-fixtures  left out, because another version of mtls-fixtures recorded them: ${foreign} tests`);
    if (report.targets.length === 0) return;
    const page = { file: outputFile, content: reportPage(report) };
    const json = jsonFile === undefined ? [] : [{ file: jsonFile, content: `${JSON.stringify(report, null, 1)}\n` }];
    const { written, problems, commands } = writeOutputs(report, {
      ...this.#options,
      pages: [page, ...json],
      lines: suiteLines(modules),
      root: this.#vitest?.config.root ?? process.cwd(),
      environment: process.env,
    });
    const reports = written.length === 0 ? [] : [`  report ${written.join(', ')}`];
    if (summary) this.#print([terminalSummary(report), ...reports].join('\n'));
    for (const command of commands) this.#print(command);
    this.#fail(problems);
  }

  #print(text: string): void {
    this.#vitest?.logger.log(`\n${text}`);
  }

  /** An output that is missing is a failure of the run, which ends as it would otherwise. */
  #fail(problems: readonly string[]): void {
    for (const problem of problems) this.#vitest?.logger.error(problem);
    if (problems.length > 0) process.exitCode = 1;
  }
}
