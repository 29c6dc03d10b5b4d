import { namesByNumber } from './names-by-number.ts';

/** The numbers of the handshake messages (RFC 8446 4, RFC 5246 7.4, RFC 8879 4 and those of the registry that are reserved). */
export const handshakeType = {
  hello_request: 0,
  client_hello: 1,
  server_hello: 2,
  hello_verify_request: 3,
  new_session_ticket: 4,
  end_of_early_data: 5,
  hello_retry_request: 6,
  encrypted_extensions: 8,
  certificate: 11,
  server_key_exchange: 12,
  certificate_request: 13,
  server_hello_done: 14,
  certificate_verify: 15,
  client_key_exchange: 16,
  finished: 20,
  certificate_url: 21,
  certificate_status: 22,
  supplemental_data: 23,
  key_update: 24,
  compressed_certificate: 25,
  message_hash: 254,
} as const;

/** The registry's name of a handshake message, e.g. `client_hello`, or its number. */
export function handshakeTypeName(number: number): string {
  return nameOf(number) ?? `handshake_${number}`;
}

const nameOf = namesByNumber(handshakeType);
