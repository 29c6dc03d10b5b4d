import { ByteCursor } from '../../byte-cursor.ts';
import type { HandshakeMessage } from '../../handshake-messages.ts';
import { type handshakeType, handshakeTypeName } from '../../registry/handshake-types.ts';
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
  const read = Object.hasOwn(readers, name) ? readers[name as keyof typeof readers] : undefined; // it has just been found in the table
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

function bare(type: BareMessage['type']): (body: MessageBody) => BareMessage {
  return () => ({ type });
}

/** Its verify_data is of the hash's length, and says nothing without the transcript. */
function readFinished({ cursor }: MessageBody): BareMessage | undefined {
  return cursor.take(cursor.remaining).length === 0 ? undefined : { type: 'finished' };
}

/** Undefined stands for a malformed message, text says what else is wrong with it. */
type Reader = (body: MessageBody) => MessageContent | string | undefined;

const readers: { readonly [Type in keyof typeof handshakeType]?: Reader } = {
  hello_request: bare('hello_request'),
  client_hello: readClientHello,
  server_hello: readServerHello,
  new_session_ticket: readNewSessionTicket,
  end_of_early_data: bare('end_of_early_data'),
  encrypted_extensions: readEncryptedExtensions,
  certificate: readCertificate,
  server_key_exchange: readServerKeyExchange,
  certificate_request: readCertificateRequest,
  server_hello_done: bare('server_hello_done'),
  certificate_verify: readCertificateVerify,
  client_key_exchange: readClientKeyExchange,
  finished: readFinished,
  certificate_status: readCertificateStatus,
  key_update: readKeyUpdate,
  compressed_certificate: readCompressedCertificate,
};
