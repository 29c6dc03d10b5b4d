import { ByteCursor } from '../../byte-cursor.ts';
import { encodeUint, encodeVector } from '../../tls-encoding.ts';

/** A NewSessionTicket of TLS 1.2 (RFC 5077 3.3); an empty ticket says that the server issues none after all. */
export interface NewSessionTicket {
  readonly lifetimeSeconds: number;
  readonly ticket: Uint8Array;
}

/** The body of a NewSessionTicket. */
export function encodeNewSessionTicket({ lifetimeSeconds, ticket }: NewSessionTicket): Buffer {
  return Buffer.concat([encodeUint(4, lifetimeSeconds), encodeVector(2, ticket)]);
}

/** Reads the body of a NewSessionTicket; undefined where it is malformed. */
export function readNewSessionTicket(body: Uint8Array): NewSessionTicket | undefined {
  const cursor = new ByteCursor(body);
  const lifetimeSeconds = cursor.uint(4);
  const ticket = cursor.take(cursor.uint(2));
  return cursor.truncated || cursor.remaining > 0 ? undefined : { lifetimeSeconds, ticket };
}
