import type { TlsRecord } from '../../../src/wire/records/tls-record.ts';
import { contentType } from '../../../src/wire/registry/content-types.ts';
import type { CapturedChunk } from '../../../src/wire/tap/capture.ts';
import { encodeUint } from '../../../src/wire/tls-encoding.ts';

/** The bytes that records were split from, one chunk for each: what is left of one that was cut off, too. */
export function chunksOf(records: readonly TlsRecord[]): CapturedChunk[] {
  return records.map(({ sentBy, atMs, type, legacyVersion, length, fragment }) => {
    if (type === 'not-tls') return { sentBy, atMs, bytes: fragment };
    const header = Buffer.concat([Uint8Array.of(contentType[type]), Buffer.from(legacyVersion, 'hex'), encodeUint(2, length)]);
    return { sentBy, atMs, bytes: Buffer.concat([header, fragment]) };
  });
}
