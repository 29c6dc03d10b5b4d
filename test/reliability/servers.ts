import { once } from 'node:events';
import tls from 'node:tls';
import {
  observe,
  type ObservedServer,
  type ObserveOptions,
  type Pki,
  startHttp2Server,
  startHttpsServer,
  startTlsServer,
} from '../../src/index.ts';

type StartServer = (pki: Pki, options?: ObserveOptions) => Promise<ObservedServer>;
type ServerKind = readonly [string, StartServer];

/** The four ways to an observed server: three that the library starts, and one of the user's own. */
export const serverKinds: readonly [ServerKind, ...ServerKind[]] = [
  ['tls', (pki, options) => startTlsServer({ ...options, identity: pki.server() })],
  ['https', (pki, options) => startHttpsServer((_request, response) => void response.end('hello'), { ...options, identity: pki.server() })],
  ['http2', (pki, options) => startHttp2Server((_request, response) => void response.end('hello'), { ...options, identity: pki.server() })],
  ["the user's own", startOwn],
];

async function startOwn(pki: Pki, options: ObserveOptions = {}): Promise<ObservedServer> {
  const identity = pki.server();
  const server = tls.createServer(identity.serverTls, (socket) => {
    socket.on('error', () => {});
    socket.pipe(socket);
  });
  const owner = observe(server, { ...options, identity });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return owner;
}
