import { once } from 'node:events';
import tls from 'node:tls';
import { onTestFinished } from 'vitest';
import { createPki, observe, type ObservedServer, type ObserveOptions } from '../../src/index.ts';

/** The PKI of these servers and their clients. */
export const pki = createPki();
export const client = pki.client('alice');

/** A server of the user's own, observed and listening; closed when the test ends. */
export async function observed(server: tls.Server, options?: ObserveOptions): Promise<ObservedServer> {
  const owner = observe(server, { identity: pki.server(), ...options });
  onTestFinished(() => owner.close());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return owner;
}

/** Requires clients of {@link pki} and sends back what they send. */
export function echoServer(options: tls.TlsOptions = {}): tls.Server {
  return tls.createServer({ ...pki.server().serverTls, ...options }, (socket) => {
    socket.on('error', () => {});
    socket.pipe(socket);
  });
}

/** A client of Node's own: what it does once it is connected, until its connection is closed. */
export async function connectAndWait(
  server: ObservedServer,
  options: tls.ConnectionOptions,
  act: (socket: tls.TLSSocket) => void,
): Promise<void> {
  const socket = tls.connect({ ...options, host: server.host, port: server.port, servername: 'localhost' });
  socket.on('secureConnect', () => act(socket));
  socket.on('error', () => {});
  socket.resume();
  await new Promise((resolve) => socket.once('close', resolve));
}
