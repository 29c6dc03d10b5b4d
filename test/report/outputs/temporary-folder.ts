import fs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';

/** A new folder, which is removed when the test has ended. */
export function temporaryFolder(): string {
  const folder = fs.mkdtempSync(path.join(tmpdir(), 'outputs-'));
  onTestFinished(() => fs.rmSync(folder, { recursive: true }));
  return folder;
}
