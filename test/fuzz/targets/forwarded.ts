import type { ForwardedField, HeaderFormat } from '../../../src/forwarded/format.ts';
import { headerFormats } from '../../../src/forwarded/formats.ts';
import { parseForwardedHeaders } from '../../../src/forwarded/parse-forwarded-headers.ts';
import { framesIn } from '../frames.ts';
import { require, unlessRefused } from '../refusals.ts';

/** Headers of a format: an octet for the format, one for the trusted hops (0: not said), and a frame for each line, whose flags are the number of the name. */
export function forwarded(input: Uint8Array): void {
  const row = headerFormats[(input[0] ?? 0) % headerFormats.length];
  if (!row) return;
  const lines = framesIn(input.subarray(2)).map(({ flags, bytes }) => [nameFor(row, flags), bytes.toString('latin1')] as const);
  const hops = (input[1] ?? 0) % 4;

  const read = unlessRefused(() => parseForwardedHeaders(lines, row.format, hops === 0 ? {} : { hops }), 'FORWARDED_INVALID');

  if (!read) return;
  require(read.certificate !== undefined || read.chain.length === 0, 'there are issuers without a certificate');
  const texts = Object.values(read.fields).flat();
  require(texts.every((text) => typeof text === 'string'), 'a field is not text');
  require(lines.length > 0 || (read.certificate === undefined && read.verified !== true && texts.length === 0), 'nothing names a client');
}

/** The upper half of the octet is the rest of a name that only begins so. */
function nameFor({ names, prefix }: HeaderFormat, flags: number): string {
  const fields = Object.keys(names) as ForwardedField[]; // its own keys
  const field = fields[(flags & 0x0f) % fields.length] ?? 'certificate';
  return `${names[field]}${field === prefix ? rests[(flags >> 4) % rests.length] : ''}`;
}

const rests = ['', 'scopes', 'Acme.com%2fproject', 'a%zz', '%ff', '__proto__'];
