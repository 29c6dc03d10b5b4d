import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { MtlsFixturesError, writeError } from '../../errors/index.ts';

/** Writes a file that is not there yet, by default for its owner only; half of one is removed. Follows no link. Throws `FILE_EXISTS` and `WRITE_FAILED`. */
export function writeNewFile(file: string, content: string | Uint8Array, mode = 0o600): void {
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

/** Puts a file in the place of another in one step: who reads it finds the old content or the new. A failure leaves the old one. Throws `WRITE_FAILED`. */
export function replaceFile(file: string, content: string | Uint8Array, mode?: number): void {
  const prepared = prepareFile(file, content, mode);
  try {
    fs.renameSync(prepared, file);
  } catch (error) {
    fs.rmSync(prepared, { force: true });
    throw writeError(error, file);
  }
}

/** Writes a file beside the one that it will replace, since only a name on the same file system can take the other's place, and returns its path. */
export function prepareFile(file: string, content: string | Uint8Array, mode?: number): string {
  const prepared = path.join(path.dirname(file), `.${path.basename(file)}.${randomBytes(6).toString('hex')}`);
  writeNewFile(prepared, content, mode);
  return prepared;
}

/**
 * Creates a folder with those above it, by default for its owner only, and returns the outermost that it made; undefined where the folder was there.
 * Of several callers at once each gets the folder. A failure leaves none. Throws `FILE_EXISTS` for what is not a folder, and `WRITE_FAILED`.
 */
export function makeFolder(folder: string, mode = 0o700): string | undefined {
  const made: string[] = [];
  try {
    for (const missing of missingFolders(folder)) if (makeOne(missing, mode)) made.push(missing);
  } catch (error) {
    for (const unused of made.toReversed()) fs.rmdirSync(unused);
    throw isInTheWay(error, folder) ? notAFolder(error, folder) : writeError(error, folder);
  }
  return made[0];
}

/** Whether something above the folder exists and is not one. */
function isInTheWay(error: unknown, folder: string): error is NodeJS.ErrnoException {
  const { code, path: location } = Object(error) as NodeJS.ErrnoException; // any object reads undefined where these are missing
  return code === 'EEXIST' && location !== folder;
}

function notAFolder(error: NodeJS.ErrnoException, folder: string): MtlsFixturesError {
  return new MtlsFixturesError('WRITE_FAILED', { path: folder, reason: `ENOTDIR: "${error.path}" is not a directory` }, { cause: error });
}

function missingFolders(folder: string): string[] {
  if (isFolder(folder)) return [];
  const above = path.dirname(folder);
  return above === folder ? [folder] : [...missingFolders(above), folder];
}

/** Whether this call made it, and not another one just before. */
function makeOne(folder: string, mode: number): boolean {
  try {
    fs.mkdirSync(folder, { mode });
    return true;
  } catch (error) {
    if (!isFolder(folder)) throw error;
    return false;
  }
}

function isFolder(file: string): boolean {
  return fs.statSync(file, { throwIfNoEntry: false })?.isDirectory() === true;
}
