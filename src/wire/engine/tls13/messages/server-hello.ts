import { randomBytes } from 'node:crypto';
import { helloRetryRequestRandom } from '../../../handshake-messages.ts';
import { extensionType } from '../../../registry/extension-types.ts';
import { protocolVersion } from '../../../registry/protocol-versions.ts';
import { encodeExtension, encodeUint, encodeVector } from '../../../tls-encoding.ts';
import type { FlightMessage } from '../../flight.ts';
import { cipherSuiteNumber } from '../../registry-numbers.ts';
import { extension, type KeyShareEntry } from './hello-extensions.ts';
import type { OfferedHello } from './read-client-hello.ts';
import type { Tls13State } from '../tls13-state.ts';

/** A ServerHello (RFC 8446 4.1.3). `preSharedKey`: the index of the one that is taken. */
export function serverHello(
  state: Tls13State,
  hello: OfferedHello,
  answer: { readonly share: KeyShareEntry; readonly preSharedKey?: number },
): FlightMessage {
  const { share, preSharedKey } = answer;
  const extensions = [
    ...(preSharedKey === undefined ? [] : [encodeExtension(extensionType.pre_shared_key, encodeUint(2, preSharedKey))]),
    extension.keyShare(share),
  ];
  return { name: 'server_hello', body: () => helloBody(state, hello, { random: randomBytes(32), extensions }) };
}

/** A HelloRetryRequest (RFC 8446 4.1.4). */
export function helloRetryRequest(
  state: Tls13State,
  hello: OfferedHello,
  { group, cookie }: { readonly group: number | undefined; readonly cookie: Buffer | undefined },
): FlightMessage {
  const extensions = [
    ...(group === undefined ? [] : [encodeExtension(extensionType.key_share, encodeUint(2, group))]),
    ...(cookie ? [extension.cookie(cookie)] : []),
  ];
  const random = Buffer.from(helloRetryRequestRandom, 'hex');
  return { name: 'hello_retry_request', body: () => helloBody(state, hello, { random, extensions }) };
}

/** EncryptedExtensions: the protocol, where one is agreed on (RFC 8446 4.3.1). */
export function encryptedExtensions({ agreed: { alpnProtocol } }: Tls13State): FlightMessage {
  const extensions = alpnProtocol === undefined ? [] : [extension.alpn([alpnProtocol])];
  return { name: 'encrypted_extensions', body: () => encodeVector(2, ...extensions) };
}

function helloBody(
  { agreed: { cipherSuite = '' } }: Tls13State,
  { sessionId }: OfferedHello,
  { random, extensions }: { readonly random: Buffer; readonly extensions: readonly Buffer[] },
): Buffer {
  return Buffer.concat([
    encodeUint(2, protocolVersion['TLSv1.2']),
    random,
    encodeVector(1, sessionId),
    encodeUint(2, cipherSuiteNumber(cipherSuite)),
    Uint8Array.of(0), // no compression
    encodeVector(2, encodeExtension(extensionType.supported_versions, encodeUint(2, protocolVersion['TLSv1.3'])), ...extensions),
  ]);
}
