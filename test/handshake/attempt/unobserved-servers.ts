import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import tls from 'node:tls';
import { createPki } from '../../../src/index.ts';

/** Of the servers, and of the clients that they accept. */
export const pki = createPki();

/** A plain Node server that is not observed, as any other process's would be. */
export async function plainServer(
  options: tls.TlsOptions = {},
  onConnection: (socket: tls.TLSSocket) => void = (socket) => socket.resume(),
): Promise<AsyncDisposable & { host: string; port: number }> {
  const sockets = new Set<net.Socket>();
  const server = tls.createServer({ ...pki.server().serverTls, ...options }, (socket) => {
    socket.on('error', () => {});
    onConnection(socket);
  });
  server.on('connection', (socket) => sockets.add(socket));
  return listening(server, sockets);
}

/** A server without TLS. */
export async function tcpServer(onConnection: (socket: net.Socket) => void): Promise<AsyncDisposable & { host: string; port: number }> {
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    onConnection(socket);
  });
  return listening(server, sockets);
}

async function listening(server: net.Server, sockets: ReadonlySet<net.Socket>): Promise<AsyncDisposable & { host: string; port: number }> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    host: '127.0.0.1',
    port,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
