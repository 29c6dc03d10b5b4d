import { encodeServerName } from '../../../hello/server-name.ts';
import { extensionType } from '../../../registry/extension-types.ts';
import { encodeExtension, encodeUint, encodeVector } from '../../../tls-encoding.ts';

/** The extensions that both hellos of TLS 1.3 and their followers are made of (RFC 8446 4.2). */
export const extension = {
  serverName: (name: string): Buffer => encodeExtension(extensionType.server_name, encodeServerName(name)),
  alpn: (protocols: readonly string[]): Buffer =>
    encodeExtension(
      extensionType.application_layer_protocol_negotiation,
      encodeVector(2, ...protocols.map((protocol) => encodeVector(1, Buffer.from(protocol, 'latin1')))),
    ),
  numbers: (type: keyof typeof extensionType, lengthOctets: 1 | 2, numbers: readonly number[]): Buffer =>
    encodeExtension(extensionType[type], encodeVector(lengthOctets, ...numbers.map((number) => encodeUint(2, number)))),
  keyShares: (shares: readonly KeyShareEntry[]): Buffer =>
    encodeExtension(extensionType.key_share, encodeVector(2, ...shares.map(keyShareEntry))),
  keyShare: (share: KeyShareEntry): Buffer => encodeExtension(extensionType.key_share, keyShareEntry(share)),
  /** Resumption only with a fresh key exchange. */
  pskModes: (): Buffer => encodeExtension(extensionType.psk_key_exchange_modes, encodeVector(1, Uint8Array.of(1))),
  cookie: (cookie: Uint8Array): Buffer => encodeExtension(extensionType.cookie, encodeVector(2, cookie)),
} as const;

/** A public key of a group. */
export interface KeyShareEntry {
  readonly group: number;
  readonly publicKey: Uint8Array;
}

function keyShareEntry({ group, publicKey }: KeyShareEntry): Buffer {
  return Buffer.concat([encodeUint(2, group), encodeVector(2, publicKey)]);
}
