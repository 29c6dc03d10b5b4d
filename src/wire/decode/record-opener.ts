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

/** Numbers of the content types (RFC 8446 5.1, RFC 6520). */
export const contentType = { change_cipher_spec: 20, alert: 21, handshake: 22, application_data: 23, heartbeat: 24 } as const;
