import type { CapturedChunk } from '../tap/capture.ts';
import { contentType } from '../decode/record-opener.ts';
import { encodeUint } from '../tls-encoding.ts';
import type { TlsRecord } from '../records/tls-record.ts';

/** The bytes that records were split from, one chunk for each: what is left of one that was cut off, too. */
export function chunksOf(records: readonly TlsRecord[]): CapturedChunk[] {
  return records.map(({ sentBy, atMs, type, legacyVersion, length, fragment }) => {
    if (type === 'not-tls') return { sentBy, atMs, bytes: fragment };
    const header = Buffer.concat([Uint8Array.of(contentType[type]), Buffer.from(legacyVersion, 'hex'), encodeUint(2, length)]);
    return { sentBy, atMs, bytes: Buffer.concat([header, fragment]) };
  });
}
