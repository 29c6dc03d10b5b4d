import fs from 'node:fs';
import path from 'node:path';
import { MtlsFixturesError, writeError } from '../../errors/index.ts';
import { writeNewFile } from '../../pki/files/new-file.ts';

/**
 * Makes sure that a file can be written later: creates it with a number of octets, and removes it again. Throws `FILE_EXISTS` for what exists already (a
 * dangling link and a device too), and `WRITE_FAILED`.
 */
export function requireWritable(file: string, octets: number): void {
  writeNewFile(file, Buffer.alloc(octets));
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
