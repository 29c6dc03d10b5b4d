import { exchange } from './exchange.ts';
import type { ContainerAttempt } from './mtls-wait.ts';

/** Logs in to MySQL or MariaDB as a user without password. */
export function logIn(user: string, database: string): ContainerAttempt {
  return (connection) =>
    exchange(connection, {
      starttls: 'mysql',
      request: packet(2, handshakeResponse(user, database)), // 0 was the server's greeting, 1 the request for TLS
      judge: judgeLogin,
    });
}

/** HandshakeResponse41 of the MySQL protocol with an empty password. */
function handshakeResponse(user: string, database: string): Buffer {
  const head = Buffer.alloc(32);
  head.writeUInt32LE(capabilities, 0);
  head.writeUInt32LE(2 ** 24 - 1, 4);
  head.writeUInt8(utf8mb4, 8);
  return Buffer.concat([head, Buffer.from(`${user}\0\0${database}\0mysql_native_password\0`)]);
}

/** OK lets in; ERR says why not; a switch to another kind of authentication is answered with the empty password again. */
function judgeLogin(received: Buffer, send: (bytes: Uint8Array) => void): true | string | undefined {
  let at = 0;
  while (at + 4 < received.length) {
    const length = received.readUIntLE(at, 3);
    if (received.length < at + 4 + length) return undefined;
    const [number = 0, kind = 0] = [received[at + 3], received[at + 4]];
    const end = at + 4 + length;
    if (kind === 0x00) return true;
    if (kind === 0xff) return received.toString('utf8', at + 13, end); // after the code and the SQL state
    if (kind === 0xfe && end === received.length) send(packet(number + 1, Buffer.alloc(0)));
    at = end;
  }
  return undefined;
}

function packet(number: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUIntLE(payload.length, 0, 3);
  head.writeUInt8(number, 3);
  return Buffer.concat([head, payload]);
}

/** LONG_PASSWORD, CONNECT_WITH_DB, PROTOCOL_41, SSL, SECURE_CONNECTION, PLUGIN_AUTH. */
const capabilities = 0x1 | 0x8 | 0x200 | 0x800 | 0x8000 | 0x80000;
const utf8mb4 = 45;
