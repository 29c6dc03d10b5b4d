import type { RequestListener, Server } from 'node:http';
import { invalidOption } from '../../../errors/index.ts';
import type { ApplicationDataStream } from '../../../faults/server/fault-server-options.ts';
import type { Http2Handler } from '../../../handshake/server/start-server.ts';

/**
 * What the server that a client under test calls answers: a handler of `node:http` (or of `node:http2`: it gets the request and response of the version of HTTP that the client
 * chose by ALPN), or any other value, as JSON with status 200.
 */
export type Respond = RequestListener | string | number | boolean | object | null;

/** What answers requests: the same few members serve HTTP/1.1 and the compatibility API of HTTP/2. */
export function handlerOf(respond: Respond | undefined): Http2Handler {
  if (typeof respond === 'function') return respond as Http2Handler; // it gets what its client's version of HTTP has
  const [type, body] = respond === undefined ? ['text/plain', 'ok\n'] : ['application/json', JSON.stringify(respond)];
  return (request, response) => {
    request.resume();
    response.writeHead(200, { 'content-type': type });
    response.end(body);
  };
}

/** Rejects what is not an answer, and an answer beside a server that answers by itself. */
export function requireAnswer({ startPeer, respond }: { readonly startPeer?: unknown; readonly respond?: unknown }): void {
  if (respond !== undefined) requireRespond('respond', respond);
  if (startPeer === undefined || respond === undefined) return;
  throw invalidOption('respond', 'beside startPeer', 'one of both: what startPeer starts answers by itself');
}

/** Rejects what JSON cannot hold. */
function requireRespond(option: string, value: unknown): void {
  if (typeof value === 'function' || isJson(value)) return;
  throw invalidOption(option, value, 'a value that JSON can hold, or a function (request, response) => void');
}

function isJson(value: unknown): boolean {
  try {
    return JSON.stringify(value) !== undefined;
  } catch {
    return false; // a cycle, or a bigint
  }
}

/** Answers the same on streams that it is given, in the version of HTTP that was agreed on by ALPN. */
export function streamServerOf(respond: Respond | undefined): (stream: ApplicationDataStream) => void {
  const http1 = http1ServerOf(respond);
  const http2 = process.getBuiltinModule('node:http2').createServer(handlerOf(respond));
  return (stream) => void (stream.alpnProtocol === 'h2' ? http2 : http1).emit('connection', stream);
}

/** A server of HTTP/1.1 that answers the same on connections that it is given. */
export function http1ServerOf(respond: Respond | undefined): Server {
  const handler: unknown = handlerOf(respond); // it gets what HTTP/1.1 has
  return process.getBuiltinModule('node:http').createServer(handler as RequestListener);
}
