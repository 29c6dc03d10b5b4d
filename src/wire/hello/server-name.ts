import { encodeVector } from '../tls-encoding.ts';

/** The content of a server_name extension of a client: one host name (RFC 6066 3). */
export function encodeServerName(name: string): Buffer {
  return encodeVector(2, Uint8Array.of(0), encodeVector(2, Buffer.from(name, 'latin1')));
}
