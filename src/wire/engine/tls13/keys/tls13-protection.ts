import { openWith, type RecordKeys, recordKeys, sealWith } from '../../../records/protected-record.ts';
import { recordHeaderLength } from '../../../records/record-splitter.ts';
import { contentType } from '../../../registry/content-types.ts';
import { type OpenedRecord, plaintext, type RecordProblem, type RecordProtection } from '../../channel/record-protection.ts';
import type { RecordForm } from '../../flight.ts';

/** The records of one direction under one traffic secret (RFC 8446 5.2). */
export class Tls13Protection implements RecordProtection {
  readonly largestFragment = 2 ** 14 + 256;
  readonly #keys: RecordKeys;
  readonly #next: RecordProtection | undefined;
  #sequence = 0;

  /** `next`: opens what these keys do not, for a peer that is not required to finish the handshake. */
  constructor(cipherSuite: string, secret: Uint8Array, next?: RecordProtection) {
    this.#keys = recordKeys(cipherSuite, secret);
    this.#next = next;
  }

  seal(type: number, content: Uint8Array, form: RecordForm = {}): Buffer {
    const record = sealWith(this.#keys, { type, content, sequence: this.#sequence, ...form });
    this.#sequence += 1;
    return record;
  }

  open(record: Buffer): OpenedRecord | RecordProblem {
    if (record[0] === contentType.change_cipher_spec) return plaintext.open(record); // RFC 8446 5: it is never protected
    if (record[0] !== contentType.application_data)
      return { problem: 'a record came in the clear, where keys are in use', alert: 'unexpected_message' };
    const inner = openWith(this.#keys, record.subarray(recordHeaderLength), this.#sequence);
    if (!inner && this.#next) return this.#next.open(record);
    if (!inner) return { problem: 'a record came that does not open with the keys of this connection', alert: 'bad_record_mac' };
    this.#sequence += 1;
    const end = inner.findLastIndex((octet) => octet !== 0);
    if (end < 0) return { problem: 'a record came that has no content type', alert: 'unexpected_message' };
    return { type: inner[end] ?? 0, content: inner.subarray(0, end) };
  }
}
