import type { RequestListener } from 'node:http';
import type tls from 'node:tls';
import { type Http2Handler, type ObservedServer, type ServerOptions, startHttp2Server, startHttpsServer } from '../../../src/index.ts';
import { relayedFailure } from './library-suite.ts';

/** An HTTPS server that greets the client by the name in the certificate that it sees. */
export function startGreetingServer(options: ServerOptions): Promise<ObservedServer> {
  return startHttpsServer((request, response) => void response.end(greetingFor(request.socket)), options);
}

/** An HTTPS server that answers 500. */
export function startFailingServer(options: ServerOptions): Promise<ObservedServer> {
  const fail: RequestListener = (_request, response) => void response.writeHead(500).end(relayedFailure);
  return startHttpsServer(fail, options);
}

/** The first one over HTTP/2. */
export function startGreetingHttp2Server(options: ServerOptions): Promise<ObservedServer> {
  return startHttp2Server((request, response) => response.end(greetingFor(request.socket)), options);
}

/** The second one over HTTP/2. */
export function startFailingHttp2Server(options: ServerOptions): Promise<ObservedServer> {
  const fail: Http2Handler = (_request, response) => {
    response.writeHead(500);
    response.end(relayedFailure);
  };
  return startHttp2Server(fail, options);
}

/** What the application sees of its client: the common name in the certificate. */
export function greetingFor(socket: object): string {
  const { subject } = (socket as tls.TLSSocket).getPeerX509Certificate() ?? {}; // these servers speak nothing but TLS
  return `hello ${subject?.replace('CN=', '') ?? 'anonymous'}`;
}
