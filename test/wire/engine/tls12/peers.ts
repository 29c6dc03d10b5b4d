import { createPrivateKey } from 'node:crypto';
import { once } from 'node:events';
import net from 'node:net';
import { type Duplex, duplexPair } from 'node:stream';
import tls from 'node:tls';
import type { Identity } from '../../../../src/index.ts';
import type { EngineConnection } from '../../../../src/wire/engine/engine-connection.ts';
import type { EngineCredential } from '../../../../src/wire/engine/engine-credential.ts';
import { EngineError, type HandshakeEnd } from '../../../../src/wire/engine/handshake-end.ts';
import type { ClientOptions, ServerOptions } from '../../../../src/wire/engine/peer-options.ts';
import { runClientHandshake, runServerHandshake } from '../../../../src/wire/engine/run-handshake.ts';

/** The credential of an identity, as the engine takes it. */
export function credentialOf(identity: Identity): EngineCredential {
  const certificates = identity.chainPem.match(/-----BEGIN[^]+?-----END CERTIFICATE-----/gu) ?? [];
  return {
    certificates: certificates.map((pem) => Buffer.from(pem.replaceAll(/-----.*-----|\s/gu, ''), 'base64')),
    privateKey: createPrivateKey(identity.keyPem),
  };
}

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

/** How a handshake ended; undefined where it did not. */
export async function endOf(running: Promise<unknown>): Promise<HandshakeEnd | undefined> {
  try {
    await running;
    return undefined;
  } catch (error) {
    if (error instanceof EngineError) return error.end;
    throw error;
  }
}

/** Both ends of one connection by the engine, without a network: how each of them ended, or its connection. */
export async function between(
  client: ClientOptions,
  server: ServerOptions,
): Promise<{ readonly client: EngineConnection | HandshakeEnd; readonly server: EngineConnection | HandshakeEnd }> {
  const [near, far] = duplexPair();
  const [atClient, atServer] = await Promise.all([settle(runClientHandshake(near, client)), settle(runServerHandshake(far, server))]);
  return { client: atClient, server: atServer };
}

async function settle(running: Promise<EngineConnection>): Promise<EngineConnection | HandshakeEnd> {
  try {
    return await running;
  } catch (error) {
    if (error instanceof EngineError) return error.end;
    throw error;
  }
}
