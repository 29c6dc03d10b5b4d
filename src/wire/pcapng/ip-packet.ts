import type { EndAddress } from './connection-addresses.ts';
import { checksumOf, tcpProtocol } from './tcp-segment.ts';

/** A TCP segment in a packet of the addresses' version (RFC 791 3.1, RFC 8200 3). */
export function encodeIpPacket(
  segment: Uint8Array,
  addresses: { readonly source: EndAddress; readonly destination: EndAddress },
): Uint8Array {
  const { source, destination } = addresses;
  const header = source.octets.length === 4 ? ipv4Header(segment.length) : ipv6Header(segment.length);
  const packet = Buffer.concat([header, source.octets, destination.octets, segment]);
  if (source.octets.length === 4) packet.writeUInt16BE(checksumOf(packet.subarray(0, ipv4HeaderLength)), 10);
  return packet;
}

/** Up to the addresses; the checksum is still to come. */
function ipv4Header(length: number): Buffer {
  const header = Buffer.alloc(12);
  header[0] = 0x45;
  header.writeUInt16BE(ipv4HeaderLength + length, 2);
  header.writeUInt16BE(0x4000, 6); // not to be fragmented
  header[8] = hopLimit;
  header[9] = tcpProtocol;
  return header;
}

function ipv6Header(length: number): Buffer {
  const header = Buffer.alloc(8);
  header[0] = 0x60;
  header.writeUInt16BE(length, 4);
  header[6] = tcpProtocol;
  header[7] = hopLimit;
  return header;
}

const ipv4HeaderLength = 20;
const hopLimit = 64;
