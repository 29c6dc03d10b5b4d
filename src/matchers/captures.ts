import fs from 'node:fs';
import path from 'node:path';
import { invalidOption, MtlsFixturesError } from '../errors/index.ts';
import type { Handshake } from '../handshake/verdict/handshake.ts';
import { makeFolder, writeNewFile } from '../pki/files/new-file.ts';
import { vitestWorkerHas } from './vitest-worker.ts';

/**
 * Writes the capture of a handshake that a test failed on, and returns its path, from the working directory; undefined where none is wanted. Captures go to `.vitest/captures`, or to the
 * folder that the environment variable MTLS_FIXTURES_CAPTURES names, below Vitest's root, as its reports do, and in other test runners below the working directory; an empty value writes none. The newest 200 are kept there, or as many as MTLS_FIXTURES_MAX_CAPTURES says.
 * They hold the connection's secrets, not those of the certificates: a folder that is created gets a `.gitignore` for everything in it.
 * Throws `WRITE_FAILED`, and `OPTION_INVALID` for a number that is none.
 */
export function writeCapture(handshake: Pick<Handshake, 'toPcapng'>, testName = 'handshake'): string | undefined {
  const folder = process.env['MTLS_FIXTURES_CAPTURES'] ?? path.join('.vitest', 'captures');
  if (folder === '') return undefined;
  const most = mostCaptures(process.env['MTLS_FIXTURES_MAX_CAPTURES'] ?? '200');
  const place = path.resolve(root(), folder);
  if (makeFolder(place) !== undefined) ignoreAll(place);
  const file = writeTo(path.join(place, fileName(testName)), handshake.toPcapng());
  removeOldest(place, most);
  return path.isAbsolute(folder) ? file : path.relative(process.cwd(), file);
}

/** The root of the run, where the reporter or the global set-up has said it: that of a project is another folder. */
function root(): string {
  const roots = [vitestWorkerHas('providedContext', 'mtlsFixturesRoot'), vitestWorkerHas('config', 'root')];
  return roots.find((folder) => typeof folder === 'string') ?? process.cwd();
}

function mostCaptures(value: string): number {
  if (!/^[1-9]\d{0,8}$/u.test(value))
    throw invalidOption(
      'MTLS_FIXTURES_MAX_CAPTURES',
      value,
      'how many captures to keep, 1 or more; an empty MTLS_FIXTURES_CAPTURES writes none',
    );
  return Number(value);
}

/** Another worker may have created the folder just now, and its `.gitignore` too. */
function ignoreAll(folder: string): void {
  try {
    writeNewFile(path.join(folder, '.gitignore'), '# Captures hold the secrets of connections, and what was sent in them.\n*\n', 0o644);
  } catch (error) {
    if (!isTaken(error)) throw error;
  }
}

/** The threads of one process look for a name at the same time: who comes second takes the next. */
function writeTo(stem: string, capture: Uint8Array): string {
  for (let number = 1; ; number += 1) {
    const file = `${stem}-${process.pid}-${number}.pcapng`;
    if (fs.existsSync(file)) continue;
    try {
      writeNewFile(file, capture);
      return file;
    } catch (error) {
      if (!isTaken(error)) throw error;
    }
  }
}

function isTaken(error: unknown): boolean {
  return error instanceof MtlsFixturesError && error.code === 'FILE_EXISTS';
}

function fileName(testName: string): string {
  const words = testName.replaceAll(/[^\w.-]+/gu, '-').replaceAll(/^[-.]+|-+$/gu, '');
  return words.slice(-mostLetters) || 'handshake';
}

/**
 * Other workers write and remove here at the same time: all of them keep the same files, since the order is that of time and name, and a file that is gone has been
 * removed by another one. What cannot be removed stays: the capture at hand is written.
 */
function removeOldest(folder: string, most: number): void {
  const files = capturesIn(folder);
  if (files.length <= most) return;
  const captures = files.flatMap((file) => captureAt(file) ?? []);
  const oldestFirst = captures.toSorted((one, other) => one.writtenAt - other.writtenAt || (one.file < other.file ? -1 : 1));
  for (const { file } of oldestFirst.slice(0, Math.max(0, captures.length - most))) {
    try {
      fs.rmSync(file, { force: true });
    } catch {
      return;
    }
  }
}

/** By their names. */
function capturesIn(folder: string): string[] {
  try {
    const names = fs.readdirSync(folder).filter((name) => nameOfCapture.test(name));
    return names.map((name) => path.join(folder, name));
  } catch {
    return []; // removed as a whole
  }
}

/** A file that this library wrote, by its first block; undefined for what others gave such a name, for a link, and for what is gone. */
function captureAt(file: string): { readonly file: string; readonly writtenAt: number } | undefined {
  try {
    const found = fs.lstatSync(file);
    if (!found.isFile()) return undefined;
    const descriptor = fs.openSync(file, fs.constants.O_RDONLY | fs.constants.O_NOFOLLOW);
    try {
      const start = Buffer.alloc(longestHeader);
      const length = fs.readSync(descriptor, start);
      return isOurs(start.subarray(0, length)) ? { file, writtenAt: found.mtimeMs } : undefined;
    } finally {
      fs.closeSync(descriptor);
    }
  } catch {
    return undefined;
  }
}

/** The section header of pcapng names the application that wrote the file. */
function isOurs(start: Buffer): boolean {
  if (start.length < 12 || start.readUInt32BE(0) !== 0x0a0d0d0a) return false;
  return start.subarray(0, start.readUInt32LE(4)).includes(application);
}

/** The option `shb_userappl`: its code, its length, its text (pcapng 4.1). */
const application = Buffer.from('\u{4}\u{0}\u{d}\u{0}mtls-fixtures', 'latin1');
/** The comment before it is a verdict, a sentence of at most a few hundred octets. */
const longestHeader = 4096;
/** Of the test's name in the file's: the end of a long one tells more. */
const mostLetters = 100;
const nameOfCapture = /^[\w.-]+-\d+-\d+\.pcapng$/u;
