/**
 * A session that was established by one name, to be offered by another, as an attacker offers it: newer versions of Node.js write the name before the session and offer it by no other
 * (measured: 22.23, 24.21 and 26.10 do, 22.12 does not). The session itself, which the server made, stays as it is.
 */
export function renamedSession(session: Buffer, servername: string): Buffer {
  if (!session.subarray(0, mark.length).equals(mark)) return session;
  const name = Buffer.from(servername);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(name.length);
  const nameEnd = mark.length + 2 + session.readUInt16BE(mark.length);
  return Buffer.concat([mark, length, name, session.subarray(nameEnd)]);
}

const mark = Buffer.from('\0nodejs:tls:session:1\0');
