import type { RecordForm } from '../flight.ts';
import type { RecordProtection } from './record-protection.ts';

/** A message and how it goes into records. */
export interface BatchedMessage {
  readonly octets: Buffer;
  /** The number of the content type. */
  readonly type: number;
  readonly protection: RecordProtection;
  readonly fragments?: readonly number[];
  readonly joined?: boolean;
  readonly record?: RecordForm;
}

/** The records of one flight, sealed in the order of its messages, to be written at once. */
export class RecordBatch {
  readonly #records: Buffer[] = [];
  #open: BatchedMessage | undefined;

  add(message: BatchedMessage): void {
    if (message.joined === true && this.#open && !message.fragments) {
      if (message.type !== this.#open.type) throw new RangeError('it cannot be joined to a record of another content type');
      this.#open = { ...this.#open, octets: Buffer.concat([this.#open.octets, message.octets]) };
      return;
    }
    this.#flush();
    this.#open = message;
  }

  /** All records. */
  finish(): Buffer {
    this.#flush();
    return Buffer.concat(this.#records);
  }

  #flush(): void {
    const message = this.#open;
    if (!message) return;
    const { octets, type, protection, record, fragments } = message;
    for (const part of fragments ? cut(octets, fragments) : evenParts(octets)) this.#records.push(protection.seal(type, part, record));
    this.#open = undefined;
  }
}

/** Parts of these sizes, and the rest. */
function cut(octets: Buffer, sizes: readonly number[]): Buffer[] {
  const parts: Buffer[] = [];
  let rest = octets;
  for (const size of sizes) {
    parts.push(rest.subarray(0, size));
    rest = rest.subarray(size);
  }
  return rest.length > 0 || parts.length === 0 ? [...parts, rest] : parts;
}

function evenParts(octets: Buffer): Buffer[] {
  const parts: Buffer[] = [];
  for (let at = 0; at < octets.length; at += largestPlaintext) parts.push(octets.subarray(at, at + largestPlaintext));
  return parts.length === 0 ? [octets] : parts;
}

const largestPlaintext = 2 ** 14;
