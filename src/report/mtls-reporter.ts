import path from 'node:path';
import type { Reporter, TestModule, TestRunEndReason, Vitest } from 'vitest/node';
import { MtlsFixturesError } from '../errors/index.ts';
import { requireBoolean, requireKnownOptions, requireOneOf } from '../options/checks.ts';
import { collectReport } from './collect.ts';
import { compareWith, readBaseline } from './facts/baseline.ts';
import { reportOrigin } from './facts/origin.ts';
import { type OutputOptions, outputOptionNames, requireFile, requireOutputOptions } from './outputs/output-options.ts';
import { suiteLines } from './outputs/suite-lines.ts';
import { writeOutputs } from './outputs/write-outputs.ts';
import { reportPage } from './page.ts';
import type { Report, ReportComparison } from './report.ts';
import { terminalSummary } from './terminal-summary.ts';
import { visible } from './words.ts';

/** Options of {@link MtlsReporter}. */
export interface MtlsReporterOptions extends OutputOptions {
  /** Where the page is written, relative to the project's root; default `mtls-report.html`. */
  readonly outputFile?: string;
  /** Where the same is written as JSON (a `Report`); default nowhere. */
  readonly jsonFile?: string;
  /** The JSON file of an earlier run, with which the results are compared; default none. It may be the one that `jsonFile` writes over. */
  readonly baseline?: string;
  /** Which results carry their capture (pcapng), for download from the page; default `unexpected`. */
  readonly captures?: 'none' | 'unexpected' | 'all';
  /** Whether captures hold the secrets that decrypt them; default false: a report is published where many read it. */
  readonly captureSecrets?: boolean;
  /** Whether a few lines are printed at the end; default true. */
  readonly summary?: boolean;
}

/**
 * A reporter for Vitest that shows the results of the suites, and of the matchers that attempt a handshake or watch a call: one self-contained page of HTML, on request files
 * for other programs, a few lines in the terminal. Other tests are skipped. Works with `--merge-reports`.
 */
export class MtlsReporter implements Reporter {
  readonly #options: MtlsReporterOptions & Required<Pick<MtlsReporterOptions, 'outputFile' | 'captures' | 'captureSecrets' | 'summary'>>;
  #vitest: Vitest | undefined;

  constructor(options: MtlsReporterOptions = {}) {
    requireKnownOptions('options of mtls-fixtures/reporter', options, [...Object.keys(checks), ...outputOptionNames]);
    for (const [name, check] of Object.entries(checks)) {
      const value: unknown = Reflect.get(options, name);
      if (value !== undefined) check(name, value);
    }
    const { outputFile = 'mtls-report.html', jsonFile, captures = 'unexpected', captureSecrets = false, summary = true } = options;
    requireOutputOptions(options, { outputFile, jsonFile });
    this.#options = { ...options, outputFile, captures, captureSecrets, summary };
  }

  /** Called by Vitest. */
  onInit(vitest: Vitest): void {
    this.#vitest = vitest;
    const { captures: of, captureSecrets: secrets } = this.#options;
    vitest.provide('mtlsFixturesCaptures' as never, { of, secrets } as never); // declared where it is read, in the tests
    vitest.provide('mtlsFixturesRoot' as never, vitest.config.root as never); // likewise
  }

  /** Called by Vitest. */
  onTestRunEnd(modules: readonly TestModule[], _errors: readonly unknown[], reason: TestRunEndReason): void {
    const { outputFile, jsonFile, summary } = this.#options;
    const { report: collected, foreign } = collectReport(modules, {
      interrupted: reason === 'interrupted',
      origin: reportOrigin(this.#root()),
    });
    if (foreign > 0) this.#print(`mtls-fixtures  left out, because another version of mtls-fixtures recorded them: ${foreign} tests`);
    if (collected.targets.length === 0 && collected.assertions.length === 0) return;
    const comparison = this.#compare(collected); // before the file that it may be read from is written over
    const report: Report = { ...collected, ...(comparison && { comparison }) };
    const page = { file: outputFile, content: reportPage(report) };
    const json = jsonFile === undefined ? [] : [{ file: jsonFile, content: `${JSON.stringify(report, null, 1)}\n` }];
    const { written, problems, commands } = writeOutputs(report, {
      ...this.#options,
      pages: [page, ...json],
      lines: suiteLines(modules),
      root: this.#root(),
      environment: process.env,
    });
    const reports = written.length === 0 ? [] : [`  report ${written.join(', ')}`];
    if (summary) this.#print([terminalSummary(report), ...reports].join('\n'));
    for (const command of commands) this.#print(command);
    this.#fail(problems);
  }

  /** A baseline that cannot be read costs a line, not the report. */
  #compare(report: Report): ReportComparison | undefined {
    const { baseline } = this.#options;
    if (baseline === undefined) return undefined;
    try {
      return compareWith(readBaseline(path.resolve(this.#root(), baseline)), report);
    } catch (error) {
      if (!(error instanceof MtlsFixturesError)) throw error;
      this.#print(`mtls-fixtures  ${error.code}: ${visible(error.message)}`);
      return undefined;
    }
  }

  #root(): string {
    return this.#vitest?.config.root ?? process.cwd();
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

const checks = {
  outputFile: requireFile,
  jsonFile: requireFile,
  baseline: requireFile,
  captures: (option: string, value: unknown) => requireOneOf(option, value, ['none', 'unexpected', 'all']),
  captureSecrets: requireBoolean,
  summary: requireBoolean,
} as const satisfies Readonly<Record<Exclude<keyof MtlsReporterOptions, keyof OutputOptions>, (option: string, value: unknown) => void>>;
