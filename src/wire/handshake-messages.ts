import { ByteCursor } from './byte-cursor.ts';
import type { Side } from './tap/capture.ts';
import type { TlsRecord } from './records/tls-record.ts';

/** A handshake message that travelled in the clear (RFC 8446 4). */
export interface HandshakeMessage {
  readonly type: number;
  readonly body: Uint8Array;
}

/** The handshake messages one side sent before it turned encryption on, put together across records. */
export function plaintextHandshakeMessages(records: readonly TlsRecord[], sentBy: Side): HandshakeMessage[] {
  const fragments: Uint8Array[] = [];
  const retried = isRetried(records);
  for (const record of records) {
    if (record.sentBy !== sentBy) continue;
    // What follows a change_cipher_spec is encrypted, in TLS 1.2 still under the content type "handshake". Around a HelloRetryRequest
    // it means nothing (RFC 8446 D.4).
    if ((record.type === 'change_cipher_spec' && !retried) || record.type === 'application_data') break;
    if (record.type === 'handshake') fragments.push(record.fragment);
  }
  return split(Buffer.concat(fragments));
}

/** Whether the server's first message is a HelloRetryRequest. */
function isRetried(records: readonly TlsRecord[]): boolean {
  const first = records.find(({ sentBy, type }) => sentBy === 'server' && type === 'handshake');
  return first !== undefined && Buffer.from(first.fragment.subarray(6, 38)).toString('hex') === helloRetryRequestRandom;
}

function split(bytes: Uint8Array): HandshakeMessage[] {
  const cursor = new ByteCursor(bytes);
  const messages: HandshakeMessage[] = [];
  while (cursor.remaining >= 4) {
    const type = cursor.uint(1);
    const body = cursor.take(cursor.uint(3));
    if (cursor.truncated) break;
    messages.push({ type, body });
  }
  return messages;
}

/** The random that marks a HelloRetryRequest: SHA-256 of that name (RFC 8446 4.1.3). */
export const helloRetryRequestRandom = 'cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c';
