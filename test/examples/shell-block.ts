import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { onTestFinished } from 'vitest';
import { blockBelow } from '../meta/shown-output.ts';
import { projectRoot } from '../meta/syntax.ts';

/** A folder in which blocks of a page are run, with `npx mtls-fixtures` as this project's command. Removed when the test ends. */
export interface Shell {
  readonly cwd: string;
  /** Runs the block of shell commands below a marker of a page, word for word but for what `edit` changes; what it prints. */
  run(page: string, marker: string, edit?: (line: string) => string): Promise<string>;
}

export function openShell(): Shell {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'mtls-fixtures-shell-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const [cwd, programs] = [path.join(folder, 'project'), path.join(folder, 'bin')];
  mkdirSync(cwd);
  mkdirSync(programs);
  const command = `exec '${process.execPath}' '${path.join(projectRoot, 'src/cli/main.ts')}'`;
  writeFileSync(path.join(programs, 'npx'), `#!/bin/sh\nshift\n${command} "$@"\n`, { mode: 0o755 });
  const env = { ...process.env, PATH: `${programs}:${process.env['PATH']}`, LC_ALL: 'C', NODE_OPTIONS: '' };
  return {
    cwd,
    run: async (page, marker, edit = (line) => line) => {
      const lines = blockBelow(readFileSync(path.join(projectRoot, page), 'utf8'), marker);
      if (lines.length === 0) throw new Error(`${page} has no block below ${marker}`);
      const { stdout } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', lines.map(edit).join('\n')], { cwd, env });
      return stdout;
    },
  };
}
