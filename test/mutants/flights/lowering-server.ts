import { createHash } from 'node:crypto';
import type net from 'node:net';
import { ByteCursor } from '../../../src/wire/byte-cursor.ts';
import { readClientHelloFields } from '../../../src/wire/hello/hello-fields.ts';
import { encodeExtension, encodeHandshakeMessage, encodeUint, encodeVector } from '../../../src/wire/tls-encoding.ts';

/** Whether a first ClientHello, in one record, offers TLS 1.3 and 1.2 and a pre-shared key without a key share. */
export function offersSessionOfBoth(record: Buffer): boolean {
  const { extensions } = readClientHelloFields(new ByteCursor(record.subarray(9)));
  const content = (type: number): string => Buffer.from(extensions.byType.get(type) ?? []).toString('hex');
  return content(43) === '0403040303' && content(51) === '0000' && extensions.byType.has(41);
}

/** Asks for a key share of x25519 as a server of TLS 1.3, and gives the ClientHello that follows back to the socket. */
export async function askAgain(socket: net.Socket, record: Buffer): Promise<void> {
  const { sessionId } = readClientHelloFields(new ByteCursor(record.subarray(9)));
  const extensions = [encodeExtension(43, encodeUint(2, 0x0304)), encodeExtension(51, encodeUint(2, 0x001d))];
  const random = createHash('sha256').update('HelloRetryRequest').digest(); // RFC 8446 4.1.3
  const body = Buffer.concat([
    encodeUint(2, 0x0303),
    random,
    encodeVector(1, sessionId),
    encodeUint(2, 0x1302),
    encodeUint(1, 0),
    encodeVector(2, ...extensions),
  ]);
  socket.write(Buffer.concat([Buffer.from('160303', 'hex'), encodeVector(2, encodeHandshakeMessage(2, body))]));
  const second = await firstData(socket);
  socket.unshift(second);
}

/** What comes next; the socket is paused behind it. */
export async function firstData(socket: net.Socket): Promise<Buffer> {
  const data = await new Promise<Buffer>((resolve) => socket.once('data', resolve));
  socket.pause();
  return data;
}
