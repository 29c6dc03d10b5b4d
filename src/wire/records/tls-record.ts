import type { CapturedChunk, Side } from '../tap/capture.ts';
import { contentTypeName } from '../registry/content-types.ts';
import { PendingBytes } from './pending-bytes.ts';

/** One TLS record as it was on the wire (RFC 8446 5.1): its header in words and its fragment, encrypted or not. */
export interface TlsRecord {
  readonly sentBy: Side;
  /** Milliseconds since the connection was seen, at the record's last byte. */
  readonly atMs: number;
  readonly type: 'change_cipher_spec' | 'alert' | 'handshake' | 'application_data' | 'heartbeat' | 'not-tls';
  /** The header's version in hexadecimal, e.g. `0303`; TLS 1.3 writes 1.2's. */
  readonly legacyVersion: string;
  /** The fragment's length in octets as the header says. */
  readonly length: number;
  /** The fragment; shorter than `length` where the connection or the capture ended. */
  readonly fragment: Uint8Array;
  /** What is odd about the record, in words. */
  readonly note?: string;
}

/** Splits what passed the tap into records, in the order in which they were complete. Never throws: odd bytes become a record with a note. */
export function recordsOf(chunks: readonly CapturedChunk[]): TlsRecord[] {
  const records: TlsRecord[] = [];
  const readers = { client: new RecordReader('client', records), server: new RecordReader('server', records) };
  for (const chunk of chunks) readers[chunk.sentBy].read(chunk);
  readers.client.end();
  readers.server.end();
  return records;
}

/**
 * Whether bytes begin as a TLS record does: a known content type and a major version up to 3. RFC 8446 5.1 ignores the version; alerts to hellos of
 * version 2 have it too (measured with OpenSSL), and TLS never had a higher one.
 */
export function looksLikeTls(bytes: Uint8Array): boolean {
  const [type, major] = bytes;
  if (type === undefined) return true;
  return contentTypeName(type) !== undefined && (major === undefined || major <= 3);
}

class RecordReader {
  readonly #sentBy: Side;
  readonly #records: TlsRecord[];
  readonly #pending = new PendingBytes();
  #atMs = 0;
  #isFirst = true;
  #lost = false;

  constructor(sentBy: Side, records: TlsRecord[]) {
    this.#sentBy = sentBy;
    this.#records = records;
  }

  read({ bytes, atMs }: CapturedChunk): void {
    this.#atMs = atMs;
    if (this.#lost) return;
    let rest = this.#pending.push(bytes);
    if (!rest) return;
    if (this.#isFirst && this.#sentBy === 'client') {
      const hello = versionTwoHello(rest);
      if (rest.length < hello) {
        this.#pending.keep(rest, hello);
        return;
      }
      if (hello > 0) this.#push('not-tls', '', hello, rest.subarray(0, hello), 'a ClientHello in the form of SSL 2.0');
      rest = rest.subarray(hello);
    }
    this.#isFirst = false;
    while (rest.length > 0) {
      if (!looksLikeTls(rest)) {
        this.#lost = true;
        this.#push('not-tls', '', rest.length, rest, 'these bytes are not a TLS record');
        rest = rest.subarray(rest.length);
        break;
      }
      if (rest.length < neededFor(rest)) break;
      this.#pushRecord(rest, lengthOf(rest));
      rest = rest.subarray(neededFor(rest));
    }
    this.#pending.keep(rest, rest.length < headerLength ? rest.length + 1 : neededFor(rest)); // the first octet of a header tells what is not TLS
  }

  end(): void {
    const rest = this.#pending.all;
    if (rest.length === 0) return;
    if (!looksLikeTls(rest)) this.#push('not-tls', '', rest.length, rest, 'the connection or the capture ended within this hello');
    else if (rest.length < headerLength) this.#push('not-tls', '', rest.length, rest, 'the connection ended within a record header');
    else this.#pushRecord(rest, lengthOf(rest), 'the connection or the capture ended within this record');
  }

  #pushRecord(bytes: Uint8Array, length: number, note?: string): void {
    const version = (((bytes[1] ?? 0) << 8) | (bytes[2] ?? 0)).toString(16).padStart(4, '0');
    const oversized = length > largestFragment ? 'longer than RFC 8446 5.2 allows' : undefined;
    const type = contentTypeName(bytes[0] ?? 0) ?? 'not-tls';
    this.#push(type, version, length, bytes.subarray(headerLength, headerLength + length), note ?? oversized);
  }

  #push(type: TlsRecord['type'], legacyVersion: string, length: number, fragment: Uint8Array, note?: string): void {
    const record = { sentBy: this.#sentBy, atMs: this.#atMs, type, legacyVersion, length, fragment };
    this.#records.push(note === undefined ? record : { ...record, note });
  }
}

/**
 * Octets of a ClientHello in the form of SSL 2.0 (RFC 5246 E.2), with its header: its high bit, 15 bits of length, then the type 1 and a version. Records of
 * TLS follow it. 0 for anything else, and more than there are where it is too early to tell.
 */
function versionTwoHello(bytes: Uint8Array): number {
  const [high = 0, low = 0, type = 1, major = 0] = bytes;
  if (high < 0x80 || type !== 1 || major > 3) return 0;
  return bytes.length < 4 ? 4 : 2 + (((high & 0x7f) << 8) | low);
}

/** Octets of a record, by its header; those of a header where it is not whole. */
function neededFor(bytes: Uint8Array): number {
  return bytes.length < headerLength ? headerLength : headerLength + lengthOf(bytes);
}

function lengthOf(header: Uint8Array): number {
  return ((header[3] ?? 0) << 8) | (header[4] ?? 0);
}

const headerLength = 5;
const largestFragment = 2 ** 14 + 2048; // TLS 1.2's bound, the larger of the two versions' (RFC 5246 6.2.3)
