import http2, { type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import https from 'node:https';
import type { IncomingMessage } from 'node:http';
import type net from 'node:net';
import tls from 'node:tls';
import express, { type Express } from 'express';
import fastify, { type FastifyInstance } from 'fastify';
import type { ServerConfiguration, StartedServer } from '../../src/scenarios/run/target.ts';

/** The options of a server that lets in only clients whose certificate is valid. */
export function mutualTls({ identity, trust, crl }: ServerConfiguration): tls.TlsOptions {
  return {
    key: identity.keyPem,
    cert: identity.chainPem,
    ca: trust,
    ...(crl && { crl }),
    requestCert: true,
    rejectUnauthorized: true,
  };
}

/** Echoes. */
export function tlsServer(options: tls.TlsOptions): tls.Server {
  return tls.createServer(options, (socket) => {
    socket.on('error', () => {});
    socket.pipe(socket);
  });
}

/** Whether the application lets this request in. */
export type Allow = (socket: tls.TLSSocket, request: Pick<IncomingMessage, 'headers'>) => boolean;

export function httpsServer(options: https.ServerOptions, allow: Allow = everyClient): https.Server {
  return https.createServer(options, (request, response) => {
    response.statusCode = allow(request.socket as tls.TLSSocket, request) ? 200 : 403; // an https server's sockets
    response.end('ok\n');
  });
}

export function http2Server(options: http2.SecureServerOptions, allow: Allow = everyClient): http2.Http2SecureServer {
  const server = http2.createSecureServer(options);
  server.on('stream', (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => {
    const socket = stream.session?.socket as tls.TLSSocket; // a secure server's sessions, and a stream that has just begun
    stream.on('error', () => {});
    stream.respond({ ':status': allow(socket, { headers }) ? 200 : 403 });
    stream.end('ok\n');
  });
  return server;
}

export function expressServer(options: https.ServerOptions, configure: (app: Express) => void = () => {}): https.Server {
  const app = express();
  configure(app);
  app.get('/', (_request, response) => {
    response.send('ok\n');
  });
  return https.createServer(options, app);
}

export async function fastifyServer(
  options: https.ServerOptions,
  configure: (app: FastifyInstance) => unknown = () => {},
): Promise<https.Server> {
  const app = fastify({ https: options });
  await configure(app);
  app.get('/', () => 'ok\n');
  await app.ready();
  return app.server;
}

/** A server of which the harness knows the address only. */
export async function reachable(server: net.Server): Promise<StartedServer> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new TypeError('no port');
  return { host: '127.0.0.1', port: address.port, servername: 'localhost', close: () => server.close() };
}

function everyClient(): boolean {
  return true;
}
