import { realNow } from '../../clock/real-clock.ts';
import type { CapturedChunk } from '../tap/capture.ts';
import type { StreamEnd } from '../decode/stream-end.ts';
import { blockType, encodeBlock, encodeOption, endOfOptions, optionCode } from './block.ts';
import { tcpPackets, type TcpPacket } from './tcp-packets.ts';
import { connectionAddresses, type PcapngAddress } from './connection-addresses.ts';

/**
 * A capture file (pcapng) that Wireshark opens already decrypted: the bytes that each side sent, in TCP/IP packets made up for them, and
 * the key log in a block of its own. It holds the connection's secrets. Throws `OPTION_INVALID` for addresses and ports that are none.
 */
export function toPcapng(connection: PcapngConnection): Uint8Array {
  const { chunks, ends = [], keyLog = '', comment, startedAt = new Date(realNow()) } = connection;
  const addresses = connectionAddresses(connection);
  const packets = tcpPackets(chunks, { ends, addresses });
  const start = BigInt(startedAt.getTime()) * nanosecondsPerMillisecond;
  return Buffer.concat([
    sectionHeader(comment),
    interfaceDescription(),
    ...(keyLog === '' ? [] : [decryptionSecrets(keyLog)]),
    ...packets.map((packet) => enhancedPacket(packet, start)),
  ]);
}

/** One connection to write down. */
export interface PcapngConnection {
  /** What each side sent, in order. */
  readonly chunks: readonly CapturedChunk[];
  /** How the sides left, where that was seen; without it the packets end with the data. */
  readonly ends?: readonly StreamEnd[];
  /** Lines of an SSLKEYLOGFILE. */
  readonly keyLog?: string | undefined;
  /** When the connection was seen, which `atMs` counts from; now unless given. */
  readonly startedAt?: Date;
  /** An IP address and a port; 127.0.0.1 and 49152 unless given. */
  readonly client?: PcapngAddress;
  /** An IP address and a port; 127.0.0.1 and 443 unless given. */
  readonly server?: PcapngAddress;
  /** Text to show as the file's comment, e.g. a verdict. Cut after 65,535 octets. */
  readonly comment?: string;
}

function sectionHeader(comment: string | undefined): Uint8Array {
  const body = Buffer.alloc(16);
  body.writeUInt32LE(0x1a2b3c4d, 0); // tells the order of octets
  body.writeUInt16LE(1, 4);
  body.writeBigInt64LE(-1n, 8); // the section's length, not said
  return encodeBlock(blockType.sectionHeader, body, [
    ...(comment === undefined ? [] : [encodeOption(optionCode.comment, comment)]),
    encodeOption(optionCode.application, 'mtls-fixtures'),
    endOfOptions,
  ]);
}

function interfaceDescription(): Uint8Array {
  const body = Buffer.alloc(8); // no bound for a packet's length
  body.writeUInt16LE(rawIp, 0);
  return encodeBlock(blockType.interfaceDescription, body, [
    encodeOption(optionCode.interfaceName, 'tap'),
    encodeOption(optionCode.interfaceDescription, 'the bytes of one connection; the TCP/IP packets around them are made up'),
    encodeOption(optionCode.timestampResolution, Uint8Array.of(nanoseconds)),
    endOfOptions,
  ]);
}

function decryptionSecrets(keyLog: string): Uint8Array {
  const secrets = Buffer.from(keyLog, 'latin1');
  const header = Buffer.alloc(8);
  header.writeUInt32LE(tlsKeyLog, 0);
  header.writeUInt32LE(secrets.length, 4);
  return encodeBlock(blockType.decryptionSecrets, Buffer.concat([header, secrets]), []);
}

function enhancedPacket({ atMs, bytes }: TcpPacket, start: bigint): Uint8Array {
  const time = start + BigInt(Math.round(atMs * Number(nanosecondsPerMillisecond)));
  const header = Buffer.alloc(20); // interface 0
  header.writeUInt32LE(Number(BigInt.asUintN(32, time >> 32n)), 4);
  header.writeUInt32LE(Number(BigInt.asUintN(32, time)), 8);
  header.writeUInt32LE(bytes.length, 12);
  header.writeUInt32LE(bytes.length, 16);
  return encodeBlock(blockType.enhancedPacket, Buffer.concat([header, bytes]), []);
}

/** LINKTYPE_RAW: packets begin with an IP header of either version. */
const rawIp = 101;
const nanoseconds = 9;
const nanosecondsPerMillisecond = 1_000_000n;
const tlsKeyLog = 0x544c534b;
