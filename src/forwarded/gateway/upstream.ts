import type http from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { invalidOption, type MtlsFixturesError } from '../../errors/index.ts';
import { reachableAddress, urlHost } from '../../net/addresses.ts';
import { listen } from '../../net/listen.ts';
import { requireHost, requireIntegerIn } from '../../options/checks.ts';

/** A handler of requests, as `http.createServer` takes it: an Express application is one, and so is `callback()` of Koa's. */
export type UpstreamHandler = (request: http.IncomingMessage, response: http.ServerResponse) => unknown;

/** An application that speaks plain HTTP: a server, listening or not (Fastify's is `app.server`, after `app.ready()`), a handler, an address, or an `http:` URL. */
export type Upstream = http.Server | UpstreamHandler | { readonly host: string; readonly port: number } | URL | string;

/** The same, checked: where it is, or what has to listen first. */
export type UpstreamSource =
  | { readonly kind: 'address'; readonly target: Target }
  | { readonly kind: 'server'; readonly server: http.Server }
  | { readonly kind: 'handler'; readonly handler: UpstreamHandler };

/** Where requests are sent, in the words of the proxy library. */
export type Target =
  | { readonly protocol: 'http:'; readonly host: string; readonly port: number; readonly pathname: string }
  | { readonly protocol: 'http:'; readonly socketPath: string };

/** An upstream that can be reached. `close` ends what was opened for it. */
export interface OpenUpstream {
  readonly target: Target;
  readonly close: () => Promise<void>;
}

/** A handler's own error, and the connection by which its request came: the port of the proxy's end. */
type OnHandlerError = (error: unknown, remotePort: number | undefined) => void;

/** Checks what was given as upstream. Throws `OPTION_INVALID`. */
export function parseUpstream(upstream: unknown): UpstreamSource {
  if (typeof upstream === 'function') return { kind: 'handler', handler: upstream as UpstreamHandler }; // what it takes shows when it is called
  if (typeof upstream === 'string' || upstream instanceof URL) return { kind: 'address', target: targetOfUrl(upstream) };
  if (typeof upstream !== 'object' || upstream === null) throw notAnUpstream(upstream);
  if (isServer(upstream)) {
    if ('setSecureContext' in upstream || 'updateSettings' in upstream)
      throw notAnUpstream('a server of TLS or HTTP/2', 'a server that speaks plain HTTP/1.1: http.createServer()');
    return { kind: 'server', server: upstream };
  }
  if (!('host' in upstream && 'port' in upstream)) throw notAnUpstream(describe(upstream));
  const { host, port } = upstream;
  requireHost(host);
  requireIntegerIn('upstream.port', port, 1, 65_535);
  return { kind: 'address', target: { protocol: 'http:', host: String(host), port: Number(port), pathname: '/' } };
}

/** Makes it reachable. */
export async function openUpstream(source: UpstreamSource, onHandlerError: OnHandlerError): Promise<OpenUpstream> {
  if (source.kind === 'address') return { target: source.target, close: async () => {} };
  if (source.kind === 'server' && source.server.listening) return { target: targetOfServer(source.server), close: async () => {} };
  const server = source.kind === 'server' ? source.server : serverOf(source.handler, onHandlerError);
  const open = new Set<Socket>();
  const onConnection = (socket: Socket): void => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  };
  server.on('connection', onConnection);
  await listen(server, { host: '127.0.0.1', port: 0 });
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => {
        server.off('connection', onConnection);
        resolve(); // an error says that it was closed before, which is what was asked for
      });
      for (const socket of open) socket.destroy(); // WebSockets too, which closeAllConnections() does not know
    });
  return { target: targetOfServer(server), close };
}

/** What a sentence calls it. */
export function placeOf(target: Target): string {
  return 'socketPath' in target ? target.socketPath : `${urlHost(target.host)}:${target.port}`;
}

function isServer(value: object): value is http.Server {
  return ['listen', 'address', 'close', 'on'].every((name) => typeof Reflect.get(value, name) === 'function') && 'listening' in value;
}

function targetOfUrl(upstream: URL | string): Target {
  const url = URL.canParse(upstream) ? new URL(upstream) : undefined;
  if (url?.protocol !== 'http:' || url.username !== '' || url.search !== '' || url.hash !== '') throw notAnUpstream(upstream);
  const host = url.hostname.replaceAll(/^\[|\]$/gu, '');
  return { protocol: 'http:', host, port: url.port === '' ? 80 : Number(url.port), pathname: url.pathname };
}

function targetOfServer(server: http.Server): Target {
  const address = server.address() as AddressInfo | string; // it listens
  if (typeof address === 'string') return { protocol: 'http:', socketPath: address };
  return { protocol: 'http:', host: reachableAddress(address.address), port: address.port, pathname: '/' };
}

/** A server for a handler, which answers 500 where that throws or rejects: Node would end the process. */
function serverOf(handler: UpstreamHandler, onHandlerError: OnHandlerError): http.Server {
  return process.getBuiltinModule('node:http').createServer((request, response) => {
    const onError = (error: unknown): void => {
      onHandlerError(error, request.socket.remotePort);
      if (response.headersSent) response.destroy();
      else response.writeHead(500, { 'content-type': 'text/plain; charset=utf-8' }).end('The handler of this request threw an error.\n');
    };
    void (async () => handler(request, response))().catch(onError);
  });
}

function describe(value: object): string {
  if ('callback' in value) return 'an application without its handler';
  return 'inject' in value ? 'a Fastify instance' : `an object with ${Object.keys(value).slice(0, 5).join(', ') || 'no fields'}`;
}

function notAnUpstream(value: unknown, expected = anUpstream): MtlsFixturesError {
  return invalidOption('upstream', value, expected);
}

const anUpstream =
  'an http.Server (app.server of Fastify), a handler (request, response) such as an Express application or callback() of a Koa one, { host, port }, or a URL such as http://127.0.0.1:3000';
