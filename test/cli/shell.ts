import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const entry = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

/** An empty folder for one test. */
export function folder(): string {
  const made = mkdtempSync(path.join(os.tmpdir(), 'mtls-fixtures-output-'));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

/** What a line of a shell came to. */
export interface ShellOutcome {
  readonly code: number;
  readonly output: string;
  readonly complaint: string;
}

/** A line of a POSIX shell in which `mtls` is the command; the code is that of the line. */
export function shell(line: string, cwd: string): Promise<ShellOutcome> {
  const script = `mtls() { "$NODE" "$ENTRY" "$@"; }\n${line}`;
  return new Promise((resolve) => {
    execFile('sh', ['-c', script], { cwd, env: { ...process.env, NODE: process.execPath, ENTRY: entry } }, (error, output, complaint) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, output, complaint });
    });
  });
}
