import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { MtlsFixturesError } from '../../errors/index.ts';

/** A file to write. */
export interface OutputFile {
  /** Absolute. */
  readonly file: string;
  readonly content: string;
}

/** What became of the files. */
export interface WrittenFiles {
  readonly written: readonly string[];
  /** One for each file that cannot be written; the others are written all the same. */
  readonly problems: readonly MtlsFixturesError<'WRITE_FAILED'>[];
}

/** Writes files in place of earlier ones, each in one step: a failure leaves the earlier one whole, and nothing beside it. Folders are made. */
export function writeFiles(files: readonly OutputFile[]): WrittenFiles {
  const written: string[] = [];
  const problems: MtlsFixturesError<'WRITE_FAILED'>[] = [];
  for (const { file, content } of files) {
    try {
      replaceFile(file, content);
      written.push(file);
    } catch (error) {
      problems.push(writeFailed(file, error));
    }
  }
  return { written, problems };
}

/** Our error for one of the file system's. */
export function writeFailed(file: string, cause: unknown): MtlsFixturesError<'WRITE_FAILED'> {
  // "ENOSPC: no space left on device", without the call and the path that Node adds.
  const reason = String(Object(cause).message).replace(/, \w+(?: '.*')?$/u, '');
  return new MtlsFixturesError('WRITE_FAILED', { path: file, reason }, { cause });
}

/** A device, a pipe or a link is written through: it stays what it is. */
function replaceFile(file: string, content: string): void {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const found = fs.lstatSync(file, { throwIfNoEntry: false });
  if (found && !found.isFile()) {
    fs.writeFileSync(file, content);
    return;
  }
  const prepared = path.join(path.dirname(file), `.${path.basename(file)}.${randomBytes(6).toString('hex')}`);
  try {
    fs.writeFileSync(prepared, content, { flag: 'wx' });
    fs.renameSync(prepared, file);
  } catch (error) {
    fs.rmSync(prepared, { force: true });
    throw error;
  }
}
