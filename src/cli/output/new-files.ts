import fs from 'node:fs';
import path from 'node:path';
import { MtlsFixturesError } from '../../errors/index.ts';

/**
 * Makes sure that a file can be written later: creates it with the size of a small report, and removes it again. Throws `FILE_EXISTS` for what exists
 * already (a dangling link and a device too), and `WRITE_FAILED`.
 */
export function requireWritable(file: string): void {
  writeNew(file, ' '.repeat(smallReport));
  fs.rmSync(file, { force: true });
}

const smallReport = 65_536;

/** Writes a file that is not there yet; half of one is removed. Nothing is written over, and no link is followed. Throws `FILE_EXISTS` and `WRITE_FAILED`. */
export function writeNew(file: string, content: string | Uint8Array, mode?: number): void {
  let created: number | undefined;
  try {
    created = fs.openSync(file, 'wx', mode);
    fs.writeFileSync(created, content);
  } catch (error) {
    if (created !== undefined) fs.rmSync(file, { force: true });
    throw writeError(error, file);
  } finally {
    if (created !== undefined) fs.closeSync(created);
  }
}

/** The folder for a command's files: a new one of mode 0700, or an empty one, which gets that mode. Throws `FILE_EXISTS` for a file, a device, a link or a folder with something in it. */
export function openEmptyFolder(directory: string): string {
  const folder = path.resolve(directory);
  try {
    const found = fs.lstatSync(folder, { throwIfNoEntry: false });
    if (found && !found.isDirectory()) throw new MtlsFixturesError('FILE_EXISTS', { path: folder });
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
    const [existing] = fs.readdirSync(folder);
    if (existing !== undefined) throw new MtlsFixturesError('FILE_EXISTS', { path: path.join(folder, existing) });
    if (found) fs.chmodSync(folder, 0o700);
  } catch (error) {
    throw writeError(error, folder);
  }
  return folder;
}

/** Our error for one of the file system's; any other as it is. */
export function writeError(error: unknown, file: string): unknown {
  const { code } = Object(error) as NodeJS.ErrnoException; // any object reads undefined where this is missing
  if (error instanceof MtlsFixturesError || code === undefined) return error;
  if (code === 'EEXIST') return new MtlsFixturesError('FILE_EXISTS', { path: file }, { cause: error });
  return new MtlsFixturesError('WRITE_FAILED', { path: file, reason: reasonOf(error) }, { cause: error });
}

/** "ENOSPC: no space left on device", without the call and the path that Node adds. */
export function reasonOf(error: unknown): string {
  return String(Object(error).message).replace(/, \w+(?: '.*')?$/u, '');
}
