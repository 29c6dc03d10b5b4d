import type http from 'node:http';
import type http2 from 'node:http2';

/** A request of a client's, by HTTP/1 or in the compatibility API of HTTP/2. */
export type ClientRequest = http.IncomingMessage | http2.Http2ServerRequest;

/** How the client of a request is answered. */
export type ClientResponse = http.ServerResponse | http2.Http2ServerResponse;
