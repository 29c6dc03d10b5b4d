import type { AlertName } from '../../records/alerts.ts';
import { encodeUint, encodeVector } from '../../tls-encoding.ts';
import type { RecordForm } from '../flight.ts';

/** Seals or opens the records of one direction under one set of keys, in order. */
export interface RecordProtection {
  /** Octets that a fragment may have. */
  readonly largestFragment: number;
  /** One whole record. */
  seal(type: number, content: Uint8Array, form?: RecordForm): Buffer;
  /** What a whole record holds, or why that cannot be said. */
  open(record: Buffer): OpenedRecord | RecordProblem;
}

/** The content of a record, and its type by its number. */
export interface OpenedRecord {
  readonly type: number;
  readonly content: Uint8Array;
}

/** What is wrong with a record, and the alert for it. */
export interface RecordProblem {
  readonly problem: string;
  readonly alert: AlertName;
}

/** Records in the clear. */
export const plaintext: RecordProtection = {
  largestFragment: 2 ** 14,
  seal: (type, content, form) =>
    Buffer.concat([encodeUint(1, form?.type ?? type), encodeUint(2, form?.version ?? 0x0303), encodeVector(2, content)]),
  open: (record) => ({ type: record[0] ?? 0, content: record.subarray(5) }),
};
