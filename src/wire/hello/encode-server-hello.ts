import { randomBytes } from 'node:crypto';
import type { ClientOffer } from './client-offer.ts';
import { extensionType } from '../registry/extension-types.ts';
import { handshakeType } from '../registry/handshake-types.ts';
import { protocolVersion } from '../registry/protocol-versions.ts';
import { keyShareOf } from './key-share.ts';
import { encodeExtension, encodeHandshakeMessage, encodeRecord, encodeUint, encodeVector } from '../tls-encoding.ts';

/** A well-formed ServerHello in one record, of TLS 1.3 where the client offers it with a key share that can be answered, else of TLS 1.2. */
export function encodeServerHello(offer: ClientOffer): Buffer {
  const suite = offer.cipherSuites.find(isTls13Suite);
  const share = offer.keyShareGroups.map((group) => ({ group, publicKey: keyShareOf(group) })).find(({ publicKey }) => publicKey);
  if (!offer.versions.includes(tls13) || suite === undefined || !share?.publicKey) return encodeTls12ServerHello(offer);
  return serverHello(randomBytes(32), offer.sessionId, suite, [
    encodeExtension(extensionType.supported_versions, encodeUint(2, tls13)),
    encodeExtension(extensionType.key_share, encodeUint(2, share.group), encodeVector(2, share.publicKey)),
  ]);
}

/** A ServerHello of TLS 1.2, whatever the client offers; its random ends in `randomEnd` where that is given. */
export function encodeTls12ServerHello(offer: ClientOffer, randomEnd: Uint8Array = new Uint8Array(0)): Buffer {
  const random = Buffer.concat([randomBytes(32 - randomEnd.length), randomEnd]);
  const suite = offer.cipherSuites.find((number) => !isTls13Suite(number) && !isSignal(number)) ?? ecdheEcdsaAes128Gcm;
  return serverHello(random, new Uint8Array(0), suite, [
    // OpenSSL 3 refuses a server without secure renegotiation (RFC 5746 3.4).
    ...(offer.extensions.has(extensionType.renegotiation_info) || offer.cipherSuites.includes(renegotiationSignal)
      ? [encodeExtension(extensionType.renegotiation_info, Uint8Array.of(0))]
      : []),
    ...(offer.extensions.has(extensionType.extended_master_secret) ? [encodeExtension(extensionType.extended_master_secret)] : []),
  ]);
}

function serverHello(random: Uint8Array, sessionId: Uint8Array, suite: number, extensions: readonly Buffer[]): Buffer {
  const message = encodeHandshakeMessage(
    handshakeType.server_hello,
    encodeUint(2, tls12),
    random,
    encodeVector(1, sessionId),
    encodeUint(2, suite),
    Uint8Array.of(0), // no compression
    encodeVector(2, ...extensions),
  );
  return encodeRecord('handshake', message);
}

function isTls13Suite(number: number): boolean {
  return number >> 8 === 0x13;
}

/** Numbers among the cipher suites that are signals: renegotiation, fallback, and GREASE (RFC 5746, 7507, 8701). */
function isSignal(number: number): boolean {
  return number === renegotiationSignal || number === 0x5600 || (number & 0x0f0f) === 0x0a0a;
}

const tls12 = protocolVersion['TLSv1.2'];
const tls13 = protocolVersion['TLSv1.3'];
const renegotiationSignal = 0x00ff;
const ecdheEcdsaAes128Gcm = 0xc02b;
