import type { KeyUpdateMessage, NewSessionTicketMessage } from '../decoded-message.ts';
import { readExtensions } from './extension-list.ts';
import type { MessageBody } from './message-body.ts';

/** Reads a NewSessionTicket of either version; undefined where it is malformed. */
export function readNewSessionTicket({ cursor, version, notes }: MessageBody): NewSessionTicketMessage | undefined {
  const isTls13 = version === 'TLSv1.3';
  const lifetimeSeconds = cursor.uint(4);
  if (isTls13) {
    cursor.uint(4); // what the client adds to the ticket's age
    cursor.vector(1); // the nonce
  }
  const ticketLength = cursor.take(cursor.uint(2)).length;
  const extensions = isTls13 && cursor.remaining > 0 ? readExtensions(cursor, notes) : undefined;
  if (isTls13 && !extensions) return undefined;
  return { type: 'new_session_ticket', lifetimeSeconds, ticketLength, extensions: extensions?.names ?? [] };
}

/** Reads a KeyUpdate; undefined where it is malformed. */
export function readKeyUpdate({ cursor }: MessageBody): KeyUpdateMessage | undefined {
  const request = cursor.uint(1);
  return request > 1 ? undefined : { type: 'key_update', isRequested: request === 1 };
}
