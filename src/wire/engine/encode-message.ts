import { contentType } from '../registry/content-types.ts';
import { handshakeType } from '../registry/handshake-types.ts';
import { encodeHandshakeMessage } from '../tls-encoding.ts';
import type { FlightContext, FlightMessage, MessageName } from './flight.ts';

/** The octets of a message as its records hold them, with the header of a handshake message. */
export function encodeMessage(message: FlightMessage, context: FlightContext): Buffer {
  if (message.raw) return Buffer.from(message.raw(context));
  return encodeNamed(message.name, message.body(context));
}

/** The octets of a message with this body. */
function encodeNamed(name: MessageName, body: Uint8Array): Buffer {
  if (!isHandshakeName(name)) return Buffer.from(body);
  // A HelloRetryRequest is a ServerHello with a random of its own (RFC 8446 4.1.4); the number of its name is that of a draft.
  return encodeHandshakeMessage(handshakeType[name === 'hello_retry_request' ? 'server_hello' : name], body);
}

/** Whether a message is one of the handshake protocol, and not a record of another content type. */
export function isHandshakeName(name: MessageName): name is keyof typeof handshakeType {
  return Object.hasOwn(handshakeType, name);
}

/** The number of the content type that a message travels under. */
export function contentTypeOf(name: MessageName): number {
  return contentType[isHandshakeName(name) ? 'handshake' : name];
}
