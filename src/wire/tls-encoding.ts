import { alertCode, type AlertName } from './records/alerts.ts';
import { type ContentType, contentType } from './registry/content-types.ts';
import { protocolVersion } from './registry/protocol-versions.ts';

/** A big-endian unsigned integer of this many octets. */
export function encodeUint(octets: 1 | 2 | 3 | 4, value: number): Buffer {
  const bytes = Buffer.alloc(octets);
  bytes.writeUIntBE(value, 0, octets);
  return bytes;
}

/** A vector with its length in front (RFC 8446 3.4). */
export function encodeVector(lengthOctets: 1 | 2 | 3, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  return Buffer.concat([encodeUint(lengthOctets, content.length), content]);
}

/** An extension of a hello (RFC 8446 4.2). */
export function encodeExtension(type: number, ...parts: readonly Uint8Array[]): Buffer {
  return Buffer.concat([encodeUint(2, type), encodeVector(2, ...parts)]);
}

/** A handshake message with its header (RFC 8446 4). */
export function encodeHandshakeMessage(type: number, ...parts: readonly Uint8Array[]): Buffer {
  return Buffer.concat([encodeUint(1, type), encodeVector(3, ...parts)]);
}

/** One record in the clear around a fragment, whatever its length (RFC 8446 5.1). The version is that of TLS 1.2 unless given. */
export function encodeRecord(type: ContentType, fragment: Uint8Array, version: number = protocolVersion['TLSv1.2']): Buffer {
  return Buffer.concat([encodeUint(1, contentType[type]), encodeUint(2, version), encodeVector(2, fragment)]);
}

/** A handshake message in as many records in the clear as it needs. */
export function encodeRecords(type: ContentType, content: Uint8Array): Buffer {
  const records: Buffer[] = [];
  for (let at = 0; at < content.length; at += largestPlaintext)
    records.push(encodeRecord(type, content.subarray(at, at + largestPlaintext)));
  return Buffer.concat(records);
}

/** An alert in a record of its own, in the clear (RFC 8446 6). */
export function encodeAlert(name: AlertName, level: 'fatal' | 'warning'): Buffer {
  const code = alertCode(name) ?? 0; // an AlertName has a number
  return encodeRecord('alert', Uint8Array.of(level === 'warning' ? 1 : 2, code));
}

const largestPlaintext = 2 ** 14;
