/** Puts the records of one direction together as they come, whatever the chunks (RFC 8446 5.1). */
export class RecordSplitter {
  #pending: Buffer = Buffer.alloc(0);

  /** The records that are whole with this chunk, each with its header. */
  push(chunk: Uint8Array): Buffer[] {
    const records: Buffer[] = [];
    let rest = this.#pending.length === 0 ? Buffer.from(chunk) : Buffer.concat([this.#pending, chunk]);
    while (rest.length >= recordHeaderLength) {
      const end = recordHeaderLength + rest.readUInt16BE(3);
      if (rest.length < end) break;
      records.push(rest.subarray(0, end));
      rest = rest.subarray(end);
    }
    this.#pending = rest;
    return records;
  }

  /** What belongs to a record that is not whole yet. */
  get pending(): Buffer {
    return this.#pending;
  }
}

/** Octets of a record's header: type, version, length. */
export const recordHeaderLength = 5;
