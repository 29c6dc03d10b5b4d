import type { EndAddress } from './connection-addresses.ts';

/** A segment with its checksum (RFC 9293 3.1). A SYN says that whole writes fit into one segment, and that the window is wide. */
export function encodeTcpSegment({ source, destination, sequence, acknowledged, flags, payload }: TcpSegment): Uint8Array {
  const options = flags & tcpFlag.syn ? synOptions : new Uint8Array(0);
  const header = Buffer.alloc(headerLength);
  header.writeUInt16BE(source.port, 0);
  header.writeUInt16BE(destination.port, 2);
  header.writeUInt32BE(sequence, 4);
  header.writeUInt32BE(acknowledged, 8);
  header[12] = ((headerLength + options.length) / 4) << 4;
  header[13] = flags;
  header.writeUInt16BE(window, 14);
  const segment = Buffer.concat([header, options, payload]);
  segment.writeUInt16BE(checksumOf(pseudoHeader(source, destination, segment.length), segment), 16);
  return segment;
}

/** What a segment says. */
export interface TcpSegment {
  readonly source: EndAddress;
  readonly destination: EndAddress;
  readonly sequence: number;
  readonly acknowledged: number;
  readonly flags: number;
  readonly payload: Uint8Array;
}

/** The Internet checksum of parts of an even length each, but for the last (RFC 1071). */
export function checksumOf(...parts: readonly Uint8Array[]): number {
  let sum = 0;
  for (const part of parts) part.forEach((octet, index) => (sum += index % 2 === 0 ? octet * 256 : octet));
  while (sum > 0xffff) sum = (sum % 0x10000) + Math.floor(sum / 0x10000);
  return ~sum & 0xffff;
}

/** What is counted into the checksum of either version: the addresses, the protocol and the length (RFC 9293 3.1, RFC 8200 8.1). */
function pseudoHeader(source: EndAddress, destination: EndAddress, length: number): Uint8Array {
  const end = Buffer.alloc(4);
  end.writeUInt16BE(tcpProtocol, 0);
  end.writeUInt16BE(length, 2); // the sum is the same for the wider fields of IPv6
  return Buffer.concat([source.octets, destination.octets, end]);
}

/** Bits of the flags. */
export const tcpFlag = { fin: 1, syn: 2, rst: 4, psh: 8, ack: 16 } as const;
/** The number of TCP in an IP header. */
export const tcpProtocol = 6;
/** Octets of data in one segment: as over the loopback, one packet shows one write. */
export const largestSegment = 65_000;

const headerLength = 20;
const window = 65_535;
/** Maximum segment size; a window of 2^14 times what is written. */
const synOptions: Uint8Array = Uint8Array.of(2, 4, largestSegment >> 8, largestSegment & 0xff, 1, 3, 3, 14);
