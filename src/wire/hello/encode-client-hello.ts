import { randomBytes } from 'node:crypto';
import { isIpAddress } from '../../net/addresses.ts';
import { extensionType } from '../registry/extension-types.ts';
import { handshakeType } from '../registry/handshake-types.ts';
import { groups } from '../registry/names.ts';
import { protocolVersion } from '../registry/protocol-versions.ts';
import { keyShareOf } from './key-share.ts';
import { encodeServerName } from './server-name.ts';
import { encodeExtension, encodeHandshakeMessage, encodeRecord, encodeUint, encodeVector } from '../tls-encoding.ts';

/** A protocol version by the name that Node gives it. */
export type TlsVersion = 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3';

/**
 * A well-formed ClientHello in one record, for exactly these versions: groups x25519 and P-256 with a key share of each, the usual
 * signature algorithms and cipher suites, server_name unless it is an address (RFC 8446 4.1.2, RFC 6066 3). No TLS library has to agree
 * to the versions, so TLS 1.0 and 1.1 can be offered whatever OpenSSL's security level is.
 */
export function encodeClientHello({
  servername,
  versions,
}: {
  readonly servername: string;
  readonly versions: readonly TlsVersion[];
}): Buffer {
  const numbers: number[] = versions.map((version) => protocolVersion[version]).toSorted((a, b) => b - a);
  const highest = numbers[0] ?? protocolVersion['TLSv1.3'];
  const legacyVersion = Math.min(highest, protocolVersion['TLSv1.2']);
  const message = encodeHandshakeMessage(
    handshakeType.client_hello,
    encodeUint(2, legacyVersion),
    randomBytes(32),
    encodeVector(1, highest === protocolVersion['TLSv1.3'] ? randomBytes(32) : Buffer.alloc(0)),
    uint16Vector(2, cipherSuitesOf(numbers)),
    encodeVector(1, Uint8Array.of(0)), // no compression
    encodeVector(2, ...extensionsOf(servername, numbers)),
  );
  return encodeRecord('handshake', message, protocolVersion.TLSv1); // RFC 8446 5.1: an initial ClientHello may say 0301, for servers that know nothing later
}

function cipherSuitesOf(versions: readonly number[]): number[] {
  return [
    ...(versions.includes(protocolVersion['TLSv1.3']) ? cipherSuites.tls13 : []),
    ...(versions.includes(protocolVersion['TLSv1.2']) ? cipherSuites.tls12 : []),
    ...(versions.some((version) => version < protocolVersion['TLSv1.2']) ? cipherSuites.older : []),
  ];
}

function extensionsOf(servername: string, versions: readonly number[]): Buffer[] {
  const tls13 = versions.includes(protocolVersion['TLSv1.3']);
  const older = versions.some((version) => version <= protocolVersion['TLSv1.2']);
  return [
    ...(servername === '' || isIpAddress(servername) ? [] : [encodeExtension(extensionType.server_name, encodeServerName(servername))]),
    encodeExtension(extensionType.supported_groups, uint16Vector(2, [groups.x25519, groups.secp256r1])),
    ...(older
      ? [
          encodeExtension(extensionType.ec_point_formats, encodeVector(1, Uint8Array.of(0))),
          encodeExtension(extensionType.extended_master_secret),
          encodeExtension(extensionType.renegotiation_info, Uint8Array.of(0)),
        ]
      : []),
    // A TLS 1.0 or 1.1 client sends no signature_algorithms (RFC 5246 7.4.1.4.1).
    ...(versions.some((version) => version >= protocolVersion['TLSv1.2'])
      ? [encodeExtension(extensionType.signature_algorithms, uint16Vector(2, signatureAlgorithms))]
      : []),
    ...(tls13
      ? [
          encodeExtension(extensionType.supported_versions, uint16Vector(1, versions)),
          encodeExtension(extensionType.psk_key_exchange_modes, encodeVector(1, Uint8Array.of(1))),
          keyShares(),
        ]
      : []),
  ];
}

function keyShares(): Buffer {
  const shares = [groups.x25519, groups.secp256r1].map((group) =>
    Buffer.concat([encodeUint(2, group), encodeVector(2, keyShareOf(group) ?? Buffer.alloc(0))]),
  );
  return encodeExtension(extensionType.key_share, encodeVector(2, ...shares));
}

function uint16Vector(lengthOctets: 1 | 2, values: readonly number[]): Buffer {
  return encodeVector(lengthOctets, ...values.map((value) => encodeUint(2, value)));
}

const cipherSuites = {
  /** TLS_AES_128_GCM_SHA256, TLS_AES_256_GCM_SHA384, TLS_CHACHA20_POLY1305_SHA256 */
  tls13: [0x1301, 0x1302, 0x1303],
  /** ECDHE with ECDSA and RSA: AES-128-GCM, AES-256-GCM, ChaCha20-Poly1305 */
  tls12: [0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8],
  /** ECDHE with ECDSA and RSA, and plain RSA: AES-128-CBC-SHA, AES-256-CBC-SHA */
  older: [0xc009, 0xc013, 0xc00a, 0xc014, 0x002f, 0x0035],
} as const;

/** ECDSA with P-256, P-384 and P-521, Ed25519, RSA-PSS and RSA PKCS#1 with SHA-256, 384 and 512 (RFC 8446 4.2.3). */
const signatureAlgorithms: readonly number[] = [0x0403, 0x0503, 0x0603, 0x0807, 0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601];
