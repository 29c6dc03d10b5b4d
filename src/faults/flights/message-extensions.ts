import { ByteCursor } from '../../wire/byte-cursor.ts';
import { alterBody } from '../../wire/engine/edits.ts';
import type { FlightContext, FlightEdit } from '../../wire/engine/flight.ts';
import { readExtensionFields } from '../../wire/hello/hello-fields.ts';
import { encodeExtension, encodeVector } from '../../wire/tls-encoding.ts';

/** An extension by its number. */
export interface Extension {
  readonly type: number;
  readonly content: Uint8Array;
}

/** A message that ends with its extensions. */
type Extensible = 'client_hello' | 'server_hello' | 'hello_retry_request' | 'encrypted_extensions' | 'certificate_request';

/** Sends other extensions in a message. */
export function alterExtensions(
  name: Extensible,
  alter: (extensions: readonly Extension[], context: FlightContext) => readonly Extension[],
): FlightEdit {
  return alterBody(name, (body, context) => {
    const altered = alter(extensionsOf(name, body), context).map(({ type, content }) => encodeExtension(type, content));
    return Buffer.concat([body.subarray(0, placeOf[name](body)), encodeVector(2, ...altered)]);
  });
}

/** The extensions in the body of a message, in its order. */
export function extensionsOf(name: Extensible, body: Buffer): readonly Extension[] {
  return readExtensionFields(new ByteCursor(body.subarray(placeOf[name](body)))).list;
}

/** The content of one extension exchanged, or the extension added where there is none. */
export function withExtension(extensions: readonly Extension[], extension: Extension): readonly Extension[] {
  const place = extensions.findIndex(({ type }) => type === extension.type);
  return place < 0 ? [...extensions, extension] : extensions.with(place, extension);
}

/** Where the cipher suite is in the body of a ServerHello: behind the version, the random and the session id (RFC 8446 4.1.3). */
export function placeOfSuite(body: Buffer): number {
  return 35 + (body[34] ?? 0);
}

/** Behind the suite and the compression method. */
function inServerHello(body: Buffer): number {
  return placeOfSuite(body) + 3;
}

/** Behind the version, the random, the session id, the cipher suites and the compression methods (RFC 8446 4.1.2). */
function inClientHello(body: Buffer): number {
  const cursor = new ByteCursor(body);
  cursor.take(2 + 32);
  cursor.vector(1);
  cursor.vector(2);
  cursor.vector(1);
  return body.length - cursor.remaining;
}

/** Where the vector of extensions begins in the body of a message. */
const placeOf: { readonly [Name in Extensible]: (body: Buffer) => number } = {
  client_hello: inClientHello,
  server_hello: inServerHello,
  hello_retry_request: inServerHello,
  encrypted_extensions: () => 0,
  certificate_request: (body) => 1 + (body[0] ?? 0), // behind its context
};
