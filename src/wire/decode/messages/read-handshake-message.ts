import { ByteCursor } from '../../byte-cursor.ts';
import { type HandshakeMessage, messageType } from '../../handshake-messages.ts';
import type { BareMessage, MessageContent } from '../decoded-message.ts';
import { inflationBudget } from './inflate-certificate.ts';
import type { MessageBody } from './message-body.ts';
import { readCertificate, readCertificateRequest, readCertificateStatus, readCertificateVerify } from './read-certificate.ts';
import { readCompressedCertificate } from './read-compressed-certificate.ts';
import { readClientHello, readEncryptedExtensions, readServerHello } from './read-hello.ts';
import { readClientKeyExchange, readServerKeyExchange } from './read-key-exchange.ts';
import { readKeyUpdate, readNewSessionTicket } from './read-session.ts';

/** What a handshake message says, and what is odd about it. One that is malformed is `unreadable`. */
export function readHandshakeMessage(
  { type, body }: HandshakeMessage,
  agreed: Pick<MessageBody, 'version' | 'cipherSuite'> & Partial<Pick<MessageBody, 'inflation'>>,
): { readonly content: MessageContent; readonly notes: readonly string[] } {
  const name = handshakeTypeName(type);
  const read = readers.get(type);
  if (!read) return { content: { type: 'other_handshake', name, length: body.length }, notes: [] };
  const notes: string[] = [];
  const cursor = new ByteCursor(body);
  const { version, cipherSuite, inflation = inflationBudget() } = agreed;
  const content = read({ version, cipherSuite, inflation, cursor, notes });
  if (content === undefined || typeof content === 'string' || cursor.truncated) {
    const problem = typeof content === 'string' ? content : 'malformed';
    return { content: { type: 'unreadable', of: name, length: body.length }, notes: [problem] };
  }
  if (cursor.remaining > 0) notes.push(`${cursor.remaining} octets follow its end`);
  return { content, notes };
}

/** The registry's name of a handshake message, e.g. `client_hello`, or its number. */
export function handshakeTypeName(type: number): string {
  return typeNames.get(type) ?? `handshake_${type}`;
}

function bare(type: BareMessage['type']): (body: MessageBody) => BareMessage {
  return () => ({ type });
}

/** Its verify_data is of the hash's length, and says nothing without the transcript. */
function readFinished({ cursor }: MessageBody): BareMessage | undefined {
  return cursor.take(cursor.remaining).length === 0 ? undefined : { type: 'finished' };
}

/** Undefined stands for a malformed message, text says what else is wrong with it. */
type Reader = (body: MessageBody) => MessageContent | string | undefined;

const typeNames: ReadonlyMap<number, string> = new Map([
  [0, 'hello_request'],
  [1, 'client_hello'],
  [2, 'server_hello'],
  [3, 'hello_verify_request'],
  [4, 'new_session_ticket'],
  [5, 'end_of_early_data'],
  [6, 'hello_retry_request'],
  [8, 'encrypted_extensions'],
  [11, 'certificate'],
  [12, 'server_key_exchange'],
  [13, 'certificate_request'],
  [14, 'server_hello_done'],
  [15, 'certificate_verify'],
  [16, 'client_key_exchange'],
  [20, 'finished'],
  [21, 'certificate_url'],
  [22, 'certificate_status'],
  [23, 'supplemental_data'],
  [24, 'key_update'],
  [25, 'compressed_certificate'],
  [254, 'message_hash'],
]);

const readers: ReadonlyMap<number, Reader> = new Map<number, Reader>([
  [0, bare('hello_request')],
  [1, readClientHello],
  [2, readServerHello],
  [4, readNewSessionTicket],
  [5, bare('end_of_early_data')],
  [8, readEncryptedExtensions],
  [11, readCertificate],
  [12, readServerKeyExchange],
  [13, readCertificateRequest],
  [14, bare('server_hello_done')],
  [15, readCertificateVerify],
  [16, readClientKeyExchange],
  [20, readFinished],
  [22, readCertificateStatus],
  [24, readKeyUpdate],
  [messageType.compressedCertificate, readCompressedCertificate],
]);
