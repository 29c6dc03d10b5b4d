import fs from 'node:fs';
import path from 'node:path';
import { writeError } from '../errors/index.ts';
import { makeFolder, replaceFile } from '../pki/files/new-file.ts';

/**
 * Writes a report in place of an earlier one, in one step: a full disk leaves the earlier one whole. What is not a file, such as a device, a pipe or a link, is written through.
 * Throws `WRITE_FAILED`, and `FILE_EXISTS` where a folder would have to be made in place of a file.
 */
export function writeReport(location: string, text: string): void {
  makeFolder(path.dirname(location), 0o777); // as the user's umask has it
  try {
    const found = fs.lstatSync(location, { throwIfNoEntry: false });
    if (found && !found.isFile()) {
      fs.writeFileSync(location, text);
      return;
    }
  } catch (error) {
    throw writeError(error, location);
  }
  replaceFile(location, text, 0o666);
}
