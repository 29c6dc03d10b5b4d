import path from 'node:path';
import type { Reporter, TestModule, TestRunEndReason, Vitest } from 'vitest/node';
import { MtlsFixturesError, textOf } from '../errors/index.ts';
import { requireBoolean, requireKnownOptions } from '../options/checks.ts';
import { collectReport } from './collect.ts';
import { reportPage } from './page.ts';
import { terminalSummary } from './terminal-summary.ts';
import { writeReport } from './write-report.ts';

/** Options of {@link MtlsReporter}. */
export interface MtlsReporterOptions {
  /** Where the page is written, relative to the project's root; default `mtls-report.html`. */
  readonly outputFile?: string;
  /** Where the same is written as JSON (a `Report`); default nowhere. */
  readonly jsonFile?: string;
  /** Whether a few lines are printed at the end; default true. */
  readonly summary?: boolean;
}

/**
 * A reporter for Vitest that shows the results of the suites: one self-contained page of HTML, a JSON file on request, a few lines in the
 * terminal. Tests that are not scenarios are skipped. Works with `--merge-reports`.
 */
export class MtlsReporter implements Reporter {
  readonly #options: Required<Omit<MtlsReporterOptions, 'jsonFile'>> & Pick<MtlsReporterOptions, 'jsonFile'>;
  #vitest: Vitest | undefined;

  constructor(options: MtlsReporterOptions = {}) {
    requireKnownOptions('options of mtls-fixtures/reporter', options, ['outputFile', 'jsonFile', 'summary']);
    const { outputFile = 'mtls-report.html', jsonFile, summary = true } = options;
    requireFile('outputFile', outputFile);
    if (jsonFile !== undefined) requireFile('jsonFile', jsonFile);
    requireBoolean('summary', summary);
    this.#options = { outputFile, summary, ...(jsonFile !== undefined && { jsonFile }) };
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
    const page = this.#write(outputFile, reportPage(report));
    const json = jsonFile === undefined ? undefined : this.#write(jsonFile, `${JSON.stringify(report, null, 1)}\n`);
    if (summary) this.#print([terminalSummary(report), `  report ${[page, json].filter(Boolean).join(', ')}`].join('\n'));
  }

  #write(file: string, text: string): string {
    const location = path.resolve(this.#vitest?.config.root ?? process.cwd(), file);
    writeReport(location, text);
    return location;
  }

  #print(text: string): void {
    this.#vitest?.logger.log(`\n${text}`);
  }
}

function requireFile(option: string, value: unknown): void {
  if (typeof value !== 'string' || value === '')
    throw new MtlsFixturesError('OPTION_INVALID', { option, value: textOf(value), expected: 'the path of a file' });
}
