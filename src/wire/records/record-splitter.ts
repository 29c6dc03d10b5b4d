import { PendingBytes } from './pending-bytes.ts';

/** Puts the records of one direction together as they come, whatever the chunks (RFC 8446 5.1). */
export class RecordSplitter {
  readonly #pending = new PendingBytes();

  /** The records that are whole with this chunk, each with its header. */
  push(chunk: Uint8Array): Buffer[] {
    const records: Buffer[] = [];
    let rest = this.#pending.push(chunk);
    if (!rest) return records;
    for (let end = endOfRecord(rest); end <= rest.length; end = endOfRecord(rest)) {
      records.push(rest.subarray(0, end));
      rest = rest.subarray(end);
    }
    this.#pending.keep(rest, endOfRecord(rest));
    return records;
  }

  /** The octets of a record that is not whole yet. */
  get pending(): Buffer {
    return this.#pending.all;
  }
}

/** Octets of a record's header: type, version, length. */
export const recordHeaderLength = 5;

/** Octets of a record, by its header; those of a header where it is not whole. */
function endOfRecord(bytes: Buffer): number {
  return bytes.length < recordHeaderLength ? recordHeaderLength : recordHeaderLength + bytes.readUInt16BE(3);
}
