import { randomBytes } from 'node:crypto';
import type { ClientOffer } from './client-offer.ts';
import { messageType } from '../handshake-messages.ts';
import { keyShareOf } from './key-share.ts';
import { encodeExtension, encodeHandshakeMessage, encodeRecord, encodeUint, encodeVector } from '../tls-encoding.ts';

/** A well-formed ServerHello in one record, of TLS 1.3 where the client offers it with a key share that can be answered, else of TLS 1.2. */
export function encodeServerHello(offer: ClientOffer): Buffer {
  const suite = offer.cipherSuites.find(isTls13Suite);
  const share = offer.keyShareGroups.map((group) => ({ group, publicKey: keyShareOf(group) })).find(({ publicKey }) => publicKey);
  if (!offer.versions.includes(tls13) || suite === undefined || !share?.publicKey) return encodeTls12ServerHello(offer);
  return serverHello(randomBytes(32), offer.sessionId, suite, [
    encodeExtension(extensionType.supportedVersions, encodeUint(2, tls13)),
    encodeExtension(extensionType.keyShare, encodeUint(2, share.group), encodeVector(2, share.publicKey)),
  ]);
}

/** A ServerHello of TLS 1.2, whatever the client offers; its random ends in `randomEnd` where that is given. */
export function encodeTls12ServerHello(offer: ClientOffer, randomEnd: Uint8Array = new Uint8Array(0)): Buffer {
  const random = Buffer.concat([randomBytes(32 - randomEnd.length), randomEnd]);
  const suite = offer.cipherSuites.find((number) => !isTls13Suite(number) && !isSignal(number)) ?? ecdheEcdsaAes128Gcm;
  return serverHello(random, new Uint8Array(0), suite, [
    // OpenSSL 3 refuses a server without secure renegotiation (RFC 5746 3.4).
    ...(offer.extensions.has(extensionType.renegotiationInfo) || offer.cipherSuites.includes(renegotiationSignal)
      ? [encodeExtension(extensionType.renegotiationInfo, Uint8Array.of(0))]
      : []),
    ...(offer.extensions.has(extensionType.extendedMasterSecret) ? [encodeExtension(extensionType.extendedMasterSecret)] : []),
  ]);
}

function serverHello(random: Uint8Array, sessionId: Uint8Array, suite: number, extensions: readonly Buffer[]): Buffer {
  const message = encodeHandshakeMessage(
    messageType.serverHello,
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

/** Numbers among the cipher suites that are none: renegotiation, fallback, and GREASE (RFC 5746, 7507, 8701). */
function isSignal(number: number): boolean {
  return number === renegotiationSignal || number === 0x5600 || (number & 0x0f0f) === 0x0a0a;
}

const tls12 = 0x0303;
const tls13 = 0x0304;
const renegotiationSignal = 0x00ff;
const ecdheEcdsaAes128Gcm = 0xc02b;
const extensionType = { extendedMasterSecret: 23, supportedVersions: 43, keyShare: 51, renegotiationInfo: 0xff01 } as const;
