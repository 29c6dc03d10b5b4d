import { createRequire } from 'node:module';
import path from 'node:path';
import type { Report } from '../report.ts';
import { ctrfJson } from './ctrf.ts';
import { folderInWorkspace, type GithubEnvironment, wantsGithub, writeGithub } from './github.ts';
import { junitXml } from './junit.ts';
import type { OutputOptions } from './output-options.ts';
import { sarifJson } from './sarif.ts';
import type { SuiteLines } from './suite-lines.ts';
import { writeFiles } from './write-files.ts';

/** What was written, for the terminal. */
interface WrittenOutputs {
  readonly written: readonly string[];
  /** A line for each output that cannot be written. */
  readonly problems: readonly string[];
  /** Workflow commands. */
  readonly commands: readonly string[];
}

/** Writes everything that is wanted of a run; `pages` are the files of the reporter that are not for continuous integration. */
export function writeOutputs(
  report: Report,
  options: OutputOptions & {
    readonly pages: readonly { readonly file: string; readonly content: string }[];
    readonly lines: SuiteLines;
    readonly root: string;
    readonly environment: GithubEnvironment;
  },
): WrittenOutputs {
  const { github = 'auto', junitFile, ctrfFile, sarifFile, pages, lines, root, environment } = options;
  const forGithub = wantsGithub(github, environment);
  const folder = forGithub ? folderInWorkspace(root, environment) : '';
  const files = [
    ...pages,
    ...(junitFile === undefined ? [] : [{ file: junitFile, content: junitXml(report) }]),
    ...(ctrfFile === undefined ? [] : [{ file: ctrfFile, content: ctrfJson(report, lines, packageVersion()) }]),
    ...(sarifFile === undefined
      ? []
      : [{ file: sarifFile, content: sarifJson(report, { lines, folder, packageVersion: packageVersion() }) }]),
  ];
  const { written, problems } = writeFiles(files.map(({ file, content }) => ({ file: path.resolve(root, file), content })));
  const { commands, problem = [] } = forGithub ? writeGithub(report, { lines, root, environment }) : { commands: [] };
  return { written, commands, problems: [...problems, ...[problem].flat()].map(({ message }) => message) };
}

function packageVersion(): string {
  const { version } = createRequire(import.meta.url)('mtls-fixtures/package.json') as { version: string }; // ours
  return version;
}
