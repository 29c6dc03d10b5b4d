import type { TlsRecord } from '../records/tls-record.ts';

/** Opens the records of one side, in order. */
export interface RecordOpener {
  open(record: TlsRecord): OpenedRecord | SealedRecord;
}

/** What was in a record. */
export interface OpenedRecord {
  readonly type: number;
  readonly content: Uint8Array;
  readonly note?: string;
}

/** Why a record stays closed. */
export interface SealedRecord {
  readonly problem: string;
}
