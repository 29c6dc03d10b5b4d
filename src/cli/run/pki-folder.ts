import { readFileSync } from 'node:fs';
import path from 'node:path';
import { MtlsFixturesError } from '../../errors/index.ts';
import type { Pki } from '../../pki/pki.ts';
import { restorePki } from '../../pki/formats/restore-pki.ts';
import type { SerializedPki } from '../../pki/formats/serialized-pki.ts';

/** The file of a written PKI that holds everything, the keys of its CAs included. */
export const pkiFile = 'pki.json';

/** The PKI that `mtls-fixtures pki` wrote to a folder. Throws `OPTION_INVALID` where there is none, and `SERIALIZED_PKI_INVALID`. */
export function readPkiFolder(directory: string): Pki {
  const file = path.join(directory, pkiFile);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    const expected = `a folder that \`mtls-fixtures pki <dir>\` wrote (there is no readable ${file})`;
    throw new MtlsFixturesError('OPTION_INVALID', { option: '--pki', value: directory, expected }, { cause });
  }
  try {
    return restorePki(JSON.parse(text) as SerializedPki); // restorePki checks it
  } catch (cause) {
    if (cause instanceof MtlsFixturesError) throw cause;
    throw new MtlsFixturesError('SERIALIZED_PKI_INVALID', { problem: `${file} is not JSON` }, { cause });
  }
}
