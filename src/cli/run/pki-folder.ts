import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileReason, invalidOption, MtlsFixturesError } from '../../errors/index.ts';
import { printable } from '../../errors/printable.ts';
import type { Pki } from '../../pki/pki.ts';
import { restorePki } from '../../pki/formats/restore-pki.ts';
import type { SerializedPki } from '../../pki/formats/serialized-pki.ts';

/** The file of a written PKI that holds everything, the keys of its CAs included. */
export const pkiFile = 'pki.json';

/** The PKI that `mtls-fixtures pki` wrote to a folder. Throws `OPTION_INVALID` where there is none that can be restored. */
export function readPkiFolder(directory: string): Pki {
  const file = path.join(directory, pkiFile);
  try {
    return restorePki(parse(readFile(file)));
  } catch (cause) {
    const expected = `a folder that \`mtls-fixtures pki <dir>\` of this version wrote (${printable(file)}: ${problemOf(cause)})`;
    throw invalidOption('--pki', directory, expected, { cause });
  }
}

/** Not a device or a pipe: they may never end. */
function readFile(file: string): string {
  if (!statSync(file).isFile()) throw new Error('it is not a file');
  return readFileSync(file, 'utf8');
}

function parse(text: string): SerializedPki {
  try {
    return JSON.parse(text) as SerializedPki; // restorePki checks it
  } catch {
    throw new Error('it is not JSON');
  }
}

function problemOf(error: unknown): string {
  if (!(error instanceof MtlsFixturesError)) return fileReason(error);
  return 'problem' in error.facts ? error.facts.problem : error.message;
}
