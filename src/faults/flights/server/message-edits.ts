import { ByteCursor } from '../../../wire/byte-cursor.ts';
import { alterBody } from '../../../wire/engine/edits.ts';
import type { FlightContext, FlightEdit, MessageName } from '../../../wire/engine/flight.ts';
import { readExtensionFields } from '../../../wire/hello/hello-fields.ts';
import { encodeExtension, encodeVector } from '../../../wire/tls-encoding.ts';
import { offeredTo } from './offered.ts';

/** An extension by its number. */
export interface Extension {
  readonly type: number;
  readonly content: Uint8Array;
}

/** The first of these that the client has not asked for; the last one where it has asked for all. */
export function unsolicited([first, ...others]: readonly [Extension, ...Extension[]], context: FlightContext): Extension {
  const { extensions } = offeredTo(context);
  return [first, ...others].find(({ type }) => !extensions.includes(type)) ?? others.at(-1) ?? first;
}

/** Sends other extensions in a message. */
export function alterExtensions(
  name: 'server_hello' | 'hello_retry_request' | 'encrypted_extensions' | 'certificate_request',
  alter: (extensions: readonly Extension[], context: FlightContext) => readonly Extension[],
): FlightEdit {
  return alterBody(name, (body, context) => {
    const at = placeOfExtensions(name, body);
    const { list } = readExtensionFields(new ByteCursor(body.subarray(at)));
    const altered = alter(list, context).map(({ type, content }) => encodeExtension(type, content));
    return Buffer.concat([body.subarray(0, at), encodeVector(2, ...altered)]);
  });
}

/** The content of one extension exchanged, or the extension added where there is none. */
export function withExtension(extensions: readonly Extension[], extension: Extension): readonly Extension[] {
  const place = extensions.findIndex(({ type }) => type === extension.type);
  return place < 0 ? [...extensions, extension] : extensions.with(place, extension);
}

/** Adds an octet behind the last field of a message, within the length of the message. */
export function appendOctet(name: MessageName): FlightEdit {
  return alterBody(name, (body) => Buffer.concat([body, Uint8Array.of(0)]));
}

/** Where the vector of extensions begins in the body of a message. */
function placeOfExtensions(name: MessageName, body: Buffer): number {
  if (name === 'encrypted_extensions') return 0;
  if (name === 'certificate_request') return 1 + (body[0] ?? 0); // behind its context
  return placeOfSuite(body) + 3; // behind the suite and the compression method
}

/** Where the cipher suite is in the body of a ServerHello: behind the version, the random and the session id (RFC 8446 4.1.3). */
export function placeOfSuite(body: Buffer): number {
  return 35 + (body[34] ?? 0);
}

/** Changes the signature in a message, whose length is at this place and says how long the signature then is. */
export function withSignature(body: Buffer, at: number, alter: (signature: Buffer) => Uint8Array): Buffer {
  return Buffer.concat([body.subarray(0, at), encodeVector(2, alter(body.subarray(at + 2)))]);
}
