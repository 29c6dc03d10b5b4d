import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { folderInWorkspace, wantsGithub, writeGithub } from '../../../src/report/outputs/github.ts';
import { sampleFinding, sampleReport, sampleTarget } from './sample-report.ts';
import { temporaryFolder } from './temporary-folder.ts';

const report = sampleReport(sampleTarget([sampleFinding()]));

test.for([
  ['auto', {}, false],
  ['auto', { GITHUB_ACTIONS: 'true' }, true],
  ['auto', { GITHUB_ACTIONS: 'false' }, false],
  [true, {}, true],
  [false, { GITHUB_ACTIONS: 'true' }, false],
] as const)('github: %s with %o means %s', ([github, environment, wanted]) => {
  expect(wantsGithub(github, environment)).toBe(wanted);
});

test.for([
  ['/repo', '/repo', ''],
  ['/repo/packages/api', '/repo', 'packages/api/'],
  ['/elsewhere', '/repo', ''],
  ['/repository', '/repo', ''],
  ['/repo', undefined, ''],
] as const)('the project %s in the workspace %s has paths from "%s"', ([root, workspace, folder]) => {
  expect(folderInWorkspace(root, workspace === undefined ? {} : { GITHUB_WORKSPACE: workspace })).toBe(folder);
});

test('the summary follows what other programs of the step have written, and both together have at most 1 MiB', () => {
  const folder = temporaryFolder();
  const file = path.join(folder, 'summary.md');
  fs.writeFileSync(file, 'before\n');
  const context = { lines: new Map(), root: folder, environment: { GITHUB_STEP_SUMMARY: file } };

  expect(writeGithub(report, context)).toEqual({ commands: [expect.stringContaining('::error file=test/api.test.ts,line=1,')] });
  expect(fs.readFileSync(file, 'utf8')).toMatch(/^before\n## mtls-fixtures: 0 of 1 as expected, 1 unexpected\n/u);

  fs.writeFileSync(file, ' '.repeat(1_048_576 - 300));
  writeGithub(report, context);
  expect(fs.statSync(file).size).toBeLessThanOrEqual(1_048_576);
});

test('without a file for the summary there are annotations alone, and one that cannot be written is an error', () => {
  const folder = temporaryFolder();
  expect(writeGithub(report, { lines: new Map(), root: folder, environment: {} })).toEqual({ commands: [expect.any(String)] });
  const { commands, problem } = writeGithub(report, { lines: new Map(), root: folder, environment: { GITHUB_STEP_SUMMARY: folder } });

  expect(commands).toHaveLength(1);
  expect(problem).toMatchObject({ code: 'WRITE_FAILED', facts: { path: folder } });
});
