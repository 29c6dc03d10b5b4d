import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { MtlsFixturesError } from '../errors/index.ts';
import { reasonOf } from './output-file.ts';

/** The bytes of a file, of standard input for `-`; a chain of certificates is far below the bound. Throws `OPTION_INVALID` for what cannot be read or is longer. */
export async function readBounded(file: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    const source: AsyncIterable<Buffer> = file === '-' ? process.stdin : createReadStream(await readable(file));
    for await (const chunk of source) {
      chunks.push(chunk);
      size += chunk.length;
      if (size > limit) break;
    }
  } catch (cause) {
    const reason = reasonOf(cause);
    throw new MtlsFixturesError(
      'OPTION_INVALID',
      { option: 'file', value: file, expected: `a file that can be read, or host:port (${reason})` },
      { cause },
    );
  }
  if (size <= limit) return Buffer.concat(chunks);
  throw new MtlsFixturesError('OPTION_INVALID', { option: 'file', value: file, expected: `certificates of at most ${limit} octets` });
}

const limit = 16_777_216;

/** Whether it is there, before a stream fails at a moment when no error of ours can be thrown. */
async function readable(file: string): Promise<string> {
  await stat(file);
  return file;
}
