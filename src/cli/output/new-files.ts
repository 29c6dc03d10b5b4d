import fs from 'node:fs';
import path from 'node:path';
import { MtlsFixturesError } from '../../errors/index.ts';

/**
 * Makes sure that a file can be written later: creates it with a number of octets, and removes it again. Throws `FILE_EXISTS` for what exists already (a
 * dangling link and a device too), and `WRITE_FAILED`.
 */
export function requireWritable(file: string, octets: number): void {
  writeNew(file, Buffer.alloc(octets));
  fs.rmSync(file, { force: true });
}

/** Where a file that does not exist yet is going to be, whatever links lead there: two names of one place are the same. */
export function placeOf(file: string): string {
  const { dir, base } = path.parse(path.resolve(file));
  try {
    return path.join(fs.realpathSync(dir), base);
  } catch {
    return path.join(dir, base); // writing there reports why
  }
}

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

/** A folder for the files of a command, and how to leave nothing of it. */
export interface EmptyFolder {
  readonly path: string;
  /** Removes what is in it, and the folders that were made for it. */
  readonly clear: () => void;
}

/** The folder for a command's files: a new one of mode 0700, or an empty one, which gets that mode. Throws `FILE_EXISTS` for a file, a device, a link or a folder with something in it. */
export function openEmptyFolder(directory: string): EmptyFolder {
  const folder = path.resolve(directory);
  try {
    const found = fs.lstatSync(folder, { throwIfNoEntry: false });
    if (found && !found.isDirectory()) throw new MtlsFixturesError('FILE_EXISTS', { path: folder });
    const made = found ? [] : makeFolders(folder);
    const [existing] = fs.readdirSync(folder);
    if (existing !== undefined) throw new MtlsFixturesError('FILE_EXISTS', { path: path.join(folder, existing) });
    if (found) fs.chmodSync(folder, 0o700);
    return { path: folder, clear: () => clear(folder, made) };
  } catch (error) {
    throw writeError(error, folder);
  }
}

/**
 * Makes a folder and those above it that are missing; returns the ones it made, the innermost first. One at a time: where the file system makes no folders and says ENOENT,
 * as /proc does, `mkdirSync` with `recursive` never returns (measured on Node 22.12, 22.23, 24.21 and 26.10).
 */
function makeFolders(folder: string): readonly string[] {
  const parent = path.dirname(folder);
  const above = parent === folder || fs.existsSync(parent) ? [] : makeFolders(parent);
  try {
    fs.mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    clear(undefined, above);
    throw error;
  }
  return [folder, ...above];
}

/** What others have put into a folder of ours meanwhile stays, and so does that folder. */
function clear(folder: string | undefined, made: readonly string[]): void {
  try {
    if (folder !== undefined) for (const name of fs.readdirSync(folder)) fs.rmSync(path.join(folder, name), { recursive: true });
    for (const one of made) fs.rmdirSync(one);
  } catch {
    // why the command failed is reported, not why its remains could not be removed
  }
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
