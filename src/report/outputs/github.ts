import fs from 'node:fs';
import path from 'node:path';
import { MtlsFixturesError, writeError } from '../../errors/index.ts';
import type { Report } from '../report.ts';
import { githubAnnotations } from './github-annotations.ts';
import { githubSummary, longestSummary } from './github-summary.ts';
import type { SuiteLines } from './suite-lines.ts';

/** The environment of a workflow's step. */
export type GithubEnvironment = Readonly<Partial<Record<'GITHUB_ACTIONS' | 'GITHUB_STEP_SUMMARY' | 'GITHUB_WORKSPACE', string>>>;

/** Whether the outputs for GitHub are wanted; `auto` where GitHub Actions runs this, as Vitest's own reporter for it decides. */
export function wantsGithub(github: boolean | 'auto', { GITHUB_ACTIONS }: GithubEnvironment): boolean {
  return github === 'auto' ? GITHUB_ACTIONS === 'true' : github;
}

/** Appends the summary of the step, where there is a file for it, and returns the commands to print. */
export function writeGithub(
  report: Report,
  { lines, root, environment }: { readonly lines: SuiteLines; readonly root: string; readonly environment: GithubEnvironment },
): { readonly commands: readonly string[]; readonly problem?: MtlsFixturesError } {
  const { GITHUB_STEP_SUMMARY: file } = environment;
  const commands = githubAnnotations(report, lines, folderInWorkspace(root, environment));
  if (file === undefined || file === '') return { commands };
  try {
    // Other steps' summaries are in other files; other programs of this step write to the same.
    const used = fs.statSync(file, { throwIfNoEntry: false })?.size ?? 0;
    fs.appendFileSync(file, githubSummary(report, lines, longestSummary - used));
    return { commands };
  } catch (error) {
    const problem = writeError(error, file);
    if (problem instanceof MtlsFixturesError) return { commands, problem };
    throw problem;
  }
}

/** The way from the repository to the project's root, which may be a package in it: '' or `packages/api/`. */
export function folderInWorkspace(root: string, { GITHUB_WORKSPACE: workspace }: GithubEnvironment): string {
  if (workspace === undefined || workspace === '') return '';
  const folder = path.relative(workspace, root).replaceAll('\\', '/');
  return folder === '' || folder.startsWith('..') || path.isAbsolute(folder) ? '' : `${folder}/`;
}
