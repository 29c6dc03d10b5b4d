import type tls from 'node:tls';
import { Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData } from '@grpc/grpc-js';
import { startTlsServer } from '../../../src/index.ts';
import type { StartPeer } from '../../../src/scenarios/run/client/start-peer.ts';
import { greeter } from '../../interop/libraries/grpc-service.ts';

// Servers of other protocols for clients under test: each speaks as much of its protocol as the client needs for one request.

/** A gRPC service behind an observed server, which is its TLS. */
export const grpcPeer: StartPeer = (options) => {
  const service = new Server();
  const hello = (_call: ServerUnaryCall<Buffer, Buffer>, reply: sendUnaryData<Buffer>): void => reply(null, Buffer.from('hello'));
  service.addService(greeter, { hello });
  const injector = service.createConnectionInjector(ServerCredentials.createInsecure());
  return startTlsServer({ ...options, ALPNProtocols: ['h2'], onConnection: (socket) => injector.injectConnection(socket) });
};

/** PostgreSQL 17 with TLS from the first octet (sslnegotiation=direct): lets every user in, and answers a query with no rows. */
export const postgresPeer: StartPeer = (options) =>
  startTlsServer({
    ...options,
    ALPNProtocols: ['postgresql'],
    onConnection: (socket) => {
      let isStarted = false;
      answer(socket, (bytes) => {
        const typeLength = isStarted ? 1 : 0; // the startup message has no type
        if (bytes.length < typeLength + 4) return undefined;
        const length = typeLength + bytes.readInt32BE(typeLength);
        if (bytes.length < length) return undefined;
        const reply = isStarted
          ? postgresReply(String.fromCodePoint(bytes[0] ?? 0))
          : Buffer.concat([postgresMessage('R', [0, 0, 0, 0]), readyForQuery]);
        isStarted = true;
        return { length, reply };
      });
    },
  });

/** Redis: `+PONG` to every command. */
export const redisPeer: StartPeer = (options) =>
  startTlsServer({
    ...options,
    onConnection: (socket) => {
      answer(socket, (bytes) => {
        const command = /^\*(\d+)\r\n((?:\$\d+\r\n[^\r]*\r\n)*)/u.exec(bytes.toString('latin1'));
        const [whole = '', count, parts = ''] = command ?? [];
        return count !== undefined && parts.split('$').length - 1 === Number(count)
          ? { length: whole.length, reply: Buffer.from('+PONG\r\n') }
          : undefined;
      });
    },
  });

/** An MQTT broker that takes connections and messages of quality of service 1, of up to 127 octets. */
export const mqttPeer: StartPeer = (options) =>
  startTlsServer({
    ...options,
    onConnection: (socket) => {
      answer(socket, (bytes) => {
        const length = 2 + (bytes[1] ?? Infinity);
        return bytes.length < length ? undefined : { length, reply: mqttReply(bytes) };
      });
    },
  });

/** Answers messages one after another, as soon as each is whole. */
function answer(socket: tls.TLSSocket, read: (bytes: Buffer) => { readonly length: number; readonly reply: Uint8Array } | undefined): void {
  let left = Buffer.alloc(0);
  socket.on('error', () => socket.destroy()); // a client that leaves
  socket.on('data', (chunk: Buffer) => {
    left = Buffer.concat([left, chunk]);
    for (let message = read(left); message; message = read(left)) {
      left = left.subarray(message.length);
      socket.write(message.reply);
    }
  });
}

function postgresReply(type: string): Uint8Array {
  return type === 'Q' ? Buffer.concat([postgresMessage('C', [...Buffer.from('SELECT 0\0')]), readyForQuery]) : Buffer.alloc(0);
}

function postgresMessage(type: string, body: readonly number[]): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(4 + body.length);
  return Buffer.concat([Buffer.from(type), length, Buffer.from(body)]);
}

const readyForQuery = postgresMessage('Z', [...Buffer.from('I')]);

/** CONNACK to CONNECT, PUBACK to PUBLISH. */
function mqttReply(packet: Buffer): Uint8Array {
  const type = (packet[0] ?? 0) >> 4;
  if (type === 1) return Buffer.from([0x20, 2, 0, 0]);
  if (type !== 3) return Buffer.alloc(0);
  const id = 4 + packet.readUInt16BE(2);
  return Buffer.from([0x40, 2, ...packet.subarray(id, id + 2)]);
}
