import { ByteCursor } from '../../wire/byte-cursor.ts';
import { alterBody } from '../../wire/engine/edits.ts';
import type { FlightEdit } from '../../wire/engine/flight.ts';
import { encodeServerName } from '../../wire/hello/server-name.ts';
import { extensionType } from '../../wire/registry/extension-types.ts';
import { encodeUint, encodeVector } from '../../wire/tls-encoding.ts';
import { alterExtensions, extensionsOf } from './message-extensions.ts';

/** A ClientHello without any key share, which a server of TLS 1.3 answers by a HelloRetryRequest (RFC 8446 4.2.8). */
export const withoutKeyShares: FlightEdit = withContent('key_share', encodeVector(2));

/** A ClientHello that asks for another name, where it asks for one. */
export function renamed(servername: string): FlightEdit {
  return withContent('server_name', encodeServerName(servername));
}

/** A ClientHello without an extension. */
export function withoutExtension(name: keyof typeof extensionType): FlightEdit {
  return alterExtensions('client_hello', (extensions) => extensions.filter(({ type }) => type !== extensionType[name]));
}

/** A ClientHello with one more extension, which has no content. */
export function withEmptyExtension(name: keyof typeof extensionType): FlightEdit {
  return alterExtensions('client_hello', (extensions) => [...extensions, { type: extensionType[name], content: new Uint8Array(0) }]);
}

/** A ClientHello with more cipher suites, behind those that are there. */
export function withCipherSuites(numbers: readonly number[]): FlightEdit {
  return alterBody('client_hello', (body) => {
    const cursor = new ByteCursor(body);
    cursor.take(2 + 32);
    cursor.vector(1);
    const before = body.subarray(0, body.length - cursor.remaining);
    const suites = [...cursor.vector(2).uint16List(), ...numbers].map((number) => encodeUint(2, number));
    return Buffer.concat([before, encodeVector(2, ...suites), body.subarray(body.length - cursor.remaining)]);
  });
}

/** Whether the body of a ClientHello has an extension. */
export function helloHas(name: keyof typeof extensionType, hello: Buffer): boolean {
  return extensionsOf('client_hello', hello).some(({ type }) => type === extensionType[name]);
}

/** Other content of an extension that is there. */
function withContent(name: keyof typeof extensionType, content: Uint8Array): FlightEdit {
  return alterExtensions('client_hello', (extensions) =>
    extensions.map((extension) => (extension.type === extensionType[name] ? { ...extension, content } : extension)),
  );
}
