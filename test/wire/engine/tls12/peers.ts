import { once } from 'node:events';
import net from 'node:net';
import type { Duplex } from 'node:stream';
import tls from 'node:tls';
import type { EngineConnection } from '../../../../src/wire/engine/engine-connection.ts';
import type { HandshakeEnd } from '../../../../src/wire/engine/handshake-end.ts';
import type { ClientOptions, ServerOptions } from '../../../../src/wire/engine/peer-options.ts';
import { runClientHandshake, runServerHandshake } from '../../../../src/wire/engine/run-handshake.ts';
import { endOf } from '../engine-peers.ts';

/** A server of Node.js that says to each client what it made of it, and echoes. */
export interface NodeServer extends AsyncDisposable {
  readonly port: number;
  connect(): net.Socket;
}

/** `keepsSessions`: for clients that resume by an id, which Node.js leaves to the application. */
export async function nodeServer({ keepsSessions, ...options }: tls.TlsOptions & { readonly keepsSessions?: true }): Promise<NodeServer> {
  const sockets = new Set<net.Socket>();
  const server = tls.createServer({ maxVersion: 'TLSv1.2', ...options }, (socket) => {
    socket.on('error', () => {});
    socket.write(`${socket.getPeerX509Certificate()?.subject ?? 'no client'} ${socket.isSessionReused()}`);
    socket.on('data', (bytes) => socket.write(bytes));
  });
  server.on('connection', (socket: net.Socket) => sockets.add(socket));
  server.on('tlsClientError', () => {});
  if (keepsSessions) keepSessions(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as net.AddressInfo; // it listens on a port
  return {
    port,
    connect: () => net.connect(port, '127.0.0.1'),
    async [Symbol.asyncDispose]() {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
  };
}

function keepSessions(server: tls.Server): void {
  const sessions = new Map<string, Buffer>();
  server.on('newSession', (id: Buffer, session: Buffer, done: () => void) => {
    sessions.set(id.toString('hex'), session);
    done();
  });
  server.on('resumeSession', (id: Buffer, done: (error: null, session: Buffer | null) => void) => {
    done(null, sessions.get(id.toString('hex')) ?? null);
  });
}

/** What a client of the engine made of one connection: what the server said first, and its echo. */
export async function visit(
  socket: Duplex,
  options: ClientOptions,
): Promise<{ readonly connection: EngineConnection; readonly said: string }> {
  const connection = await runClientHandshake(socket, options);
  const said = await connection.read();
  await connection.write(Buffer.from('echo'));
  const echoed = await connection.read();
  if (String(echoed) !== 'echo') throw new Error(`the echo was ${String(echoed)}`);
  return { connection, said: String(said) };
}

/** A server of the engine on a port, which says to each client what it made of it, and echoes. */
export interface EngineServer extends AsyncDisposable {
  readonly port: number;
  /** What became of each connection, in order: the handshake's end, or nothing where it was completed. */
  readonly ends: readonly Promise<HandshakeEnd | undefined>[];
}

/** `greeting`: default true. */
export async function engineServer({
  greeting = true,
  ...options
}: ServerOptions & { readonly greeting?: boolean }): Promise<EngineServer> {
  const ends: Promise<HandshakeEnd | undefined>[] = [];
  const sockets = new Set<net.Socket>();
  const server = net.createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    ends.push(endOf(serve(socket, options, greeting)));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as net.AddressInfo; // it listens on a port
  return {
    port,
    ends,
    async [Symbol.asyncDispose]() {
      server.close();
      for (const socket of sockets) socket.destroy();
      await Promise.all(ends);
    },
  };
}

async function serve(socket: Duplex, options: ServerOptions, greets: boolean): Promise<void> {
  const connection = await runServerHandshake(socket, options);
  if (greets) await connection.write(Buffer.from(`${connection.peerCertificates.length} certificates ${connection.resumed}`));
  for (;;) {
    const bytes = await connection.read();
    if (!bytes) break;
    await connection.write(bytes);
  }
  await connection.close();
}
