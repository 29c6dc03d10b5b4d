import { ByteCursor } from '../../../wire/byte-cursor.ts';
import { alterBody } from '../../../wire/engine/edits.ts';
import type { FlightEdit } from '../../../wire/engine/flight.ts';
import { readClientHelloFields } from '../../../wire/hello/hello-fields.ts';
import { extensionType } from '../../../wire/registry/extension-types.ts';
import { encodeExtension, encodeVector } from '../../../wire/tls-encoding.ts';

/** A ClientHello without any key share, which a server of TLS 1.3 answers by a HelloRetryRequest (RFC 8446 4.2.8). */
export const withoutKeyShares: FlightEdit = withContent(extensionType.key_share, encodeVector(2));

/** A ClientHello that asks for another name (RFC 6066 3). */
export function renamed(servername: string): FlightEdit {
  return withContent(extensionType.server_name, encodeVector(2, Uint8Array.of(0), encodeVector(2, Buffer.from(servername, 'latin1'))));
}

/** Other content of an extension that is there. */
function withContent(type: number, content: Uint8Array): FlightEdit {
  return alterBody('client_hello', (body) => {
    const { extensions } = readClientHelloFields(new ByteCursor(body));
    const encoded = extensions.list.map((extension) =>
      encodeExtension(extension.type, extension.type === type ? content : extension.content),
    );
    const before = body.length - extensions.list.reduce((length, extension) => length + 4 + extension.content.length, 2);
    return Buffer.concat([body.subarray(0, before), encodeVector(2, ...encoded)]);
  });
}
