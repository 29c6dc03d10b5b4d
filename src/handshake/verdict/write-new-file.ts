import { writeFileSync } from 'node:fs';
import { MtlsFixturesError } from '../../errors/index.ts';

/** Writes a file that is not there yet, for its owner only (0600). Throws `FILE_EXISTS`. */
export function writeNewFile(path: string, bytes: Uint8Array): void {
  try {
    writeFileSync(path, bytes, { flag: 'wx', mode: 0o600 });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause; // errors of the file system carry a code
    throw new MtlsFixturesError('FILE_EXISTS', { path }, { cause });
  }
}
