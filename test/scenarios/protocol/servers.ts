import { type ObservedServer, type ServerOptions, startHttp2Server, startHttpsServer, startTlsServer } from '../../../src/index.ts';

/** Correct servers of Node.js by what they speak. */
export const servers: Readonly<Record<'tls' | 'https' | 'http2', (options: ServerOptions) => Promise<ObservedServer>>> = {
  tls: async (options) => {
    const server = await startTlsServer(options);
    // Without it node:tls leaves the connection of a client open whose handshake has timed out (measured on Node 26.10).
    server.server.on('tlsClientError', (_error, socket) => socket.destroy());
    return server;
  },
  https: (options) => startHttpsServer((_request, response) => response.end('ok'), options),
  http2: (options) => startHttp2Server((_request, response) => response.end('ok'), { allowHTTP1: true, ...options }),
};

export const kinds = ['tls', 'https', 'http2'] as const;
