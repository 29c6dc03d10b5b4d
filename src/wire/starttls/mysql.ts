import type { ClearText } from './clear-text.ts';

/**
 * Asks a MySQL or MariaDB server for TLS: its initial handshake packet (HandshakeV10) has to offer CLIENT_SSL, then an SSLRequest packet, after which
 * TLS begins without an answer.
 */
export async function negotiateMysql(clear: ClearText): Promise<void> {
  const header = await clear.octets(4);
  const length = header.readUIntLE(0, 3);
  // Bytes of another protocol give a length that no greeting has.
  if (length === 0 || length > longestGreeting || header[3] !== 0) throw clear.failed(foreign, header);
  const greeting = await clear.octets(length);
  if (greeting[0] === errorPacket) throw clear.refused(errorWords(greeting));

  const endOfVersion = greeting.indexOf(0, 1);
  // Behind the version: thread id (4), first part of the challenge (8), a filler (1), then the capabilities.
  const at = endOfVersion + 14;
  if (greeting[0] !== protocolVersion || endOfVersion < 0 || greeting.length < at + 2) throw clear.failed(foreign, greeting);
  const offered = greeting.readUInt16LE(at) + (greeting.length >= at + 7 ? greeting.readUInt16LE(at + 5) * 2 ** 16 : 0);
  if (!(offered & capabilities.ssl))
    throw clear.refused(`version ${greeting.toString('utf8', 1, endOfVersion)}, without the capability CLIENT_SSL`);

  clear.send(sslRequest(offered));
}

function sslRequest(offered: number): Buffer {
  const packet = Buffer.alloc(4 + 32);
  packet.writeUIntLE(32, 0, 3);
  packet.writeUInt8(1, 3);
  const { protocol41, ssl, secureConnection, pluginAuth } = capabilities;
  packet.writeUInt32LE(offered & (protocol41 | ssl | secureConnection | pluginAuth), 4);
  packet.writeUInt32LE(2 ** 24, 8); // the largest packet that the client takes
  packet.writeUInt8(utf8mb4, 12);
  return packet;
}

/** An ERR packet; the state with its `#` is left out by servers that have not heard what the client can do. */
function errorWords(packet: Buffer): string {
  if (packet.length < 3) return 'an error without a code';
  const text = packet.toString('utf8', 3).replace(/^#.{5}/u, '');
  return `error ${packet.readUInt16LE(1)}: ${text}`;
}

const foreign = 'does not speak the protocol of MySQL';
const protocolVersion = 10;
const errorPacket = 0xff;
const longestGreeting = 4096;
const utf8mb4 = 45;
const capabilities = { protocol41: 0x200, ssl: 0x800, secureConnection: 0x8000, pluginAuth: 0x8_0000 };
