import { recordHeaderLength } from '../../wire/records/record-splitter.ts';
import { contentType } from '../../wire/registry/content-types.ts';
import type { InterposedSocket } from '../interposed-socket.ts';

/** Puts the first ClientHello of the TLS engine behind a wire into two records (RFC 8446 5.1), which leave together; `onSplit` is called as they are sent. */
export function splitClientHello(
  wire: InterposedSocket,
  { at, servername, onSplit }: { readonly at: 'header' | 'server-name'; readonly servername: string; readonly onSplit: () => void },
): void {
  wire.rewrite = (chunk) => {
    wire.rewrite = undefined;
    const hello = Buffer.from(chunk);
    if (hello[0] !== contentType.handshake || hello.length < recordHeaderLength + handshakeHeaderLength) return hello;
    const end = recordHeaderLength + hello.readUInt16BE(3);
    const fragment = hello.subarray(recordHeaderLength, end);
    const name = at === 'header' ? -1 : fragment.indexOf(servername, handshakeHeaderLength, 'latin1');
    if (at === 'server-name' && name < 0) return hello; // an IP address, which is not asked for by name: nothing is split
    const cut = at === 'header' ? handshakeHeaderLength / 2 : name + Math.ceil(servername.length / 2);
    onSplit();
    const parts = [fragment.subarray(0, cut), fragment.subarray(cut)].map((part) => withHeader(hello.subarray(0, 3), part));
    return Buffer.concat([...parts, hello.subarray(end)]);
  };
}

/** A record of the same type and version. */
function withHeader(typeAndVersion: Uint8Array, fragment: Uint8Array): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(fragment.length);
  return Buffer.concat([typeAndVersion, length, fragment]);
}

/** Octets of the type and the length of a handshake message (RFC 8446 4). */
const handshakeHeaderLength = 4;
