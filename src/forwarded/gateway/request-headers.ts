import type http from 'node:http';
import type { HeaderLine } from '../format.ts';
import type { ClientRequest } from './client-request.ts';

/** Headers as Node's `http.request` takes them: several values are several lines. */
export type OutgoingHeaders = Record<string, string | string[]>;

/** What the gateway has to say, and what it must not pass on. */
interface HeaderPolicy {
  /** Whether a header of the client's is removed, by its name in lower case. */
  readonly isStripped: (lowerCaseName: string) => boolean;
  readonly strip: boolean;
  /** The lines that name the client. */
  readonly lines: readonly HeaderLine[];
}

/**
 * The headers of a request as the application gets them: the client's without those of the connection (RFC 9110 7.6.1) and without those that only the gateway may set, then the
 * gateway's own. What the client's `Connection` lists is removed before those are set, so that it removes none of them.
 */
export function requestHeaders(request: ClientRequest, { isStripped, strip, lines }: HeaderPolicy): OutgoingHeaders {
  const headers = clientHeaders(request, (name) => strip && isStripped(name));
  setFraming(request, headers);
  setForwarded(request, headers);
  for (const [name, value] of lines) append(headers, name, value);
  return headers;
}

/** The same for an upgrade: what upgrades is of the connection, and has to arrive. */
export function upgradeHeaders(request: http.IncomingMessage, policy: HeaderPolicy): OutgoingHeaders {
  return { ...requestHeaders(request, policy), connection: 'Upgrade', upgrade: request.headers.upgrade ?? '' };
}

/** Whether a body follows the headers of a request. */
export function hasBody(request: ClientRequest): boolean {
  if ('stream' in request) return !request.stream.endAfterHeaders;
  const { 'content-length': length, 'transfer-encoding': coding } = request.headers;
  return coding !== undefined || (length !== undefined && Number(length) > 0);
}

/** By their names in lower case. */
function clientHeaders({ rawHeaders, headers: { connection } }: ClientRequest, isStripped: (name: string) => boolean): OutgoingHeaders {
  const listed = connection === undefined ? none : listedIn(connection);
  const headers: OutgoingHeaders = {};
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]?.toLowerCase() ?? '';
    if (name.startsWith(':') || ofConnection.has(name) || (listed.has(name) && !neverListed.has(name)) || isStripped(name)) continue;
    const value = rawHeaders[at + 1] ?? '';
    const before = Object.hasOwn(headers, name) ? headers[name] : undefined; // "constructor" is the name of a header like any other
    if (name === '__proto__') Object.defineProperty(headers, name, { value, enumerable: true, configurable: true });
    else if (before === undefined) headers[name] = value;
    else if (name === 'cookie') headers[name] = `${String(before)}; ${value}`; // RFC 9113 8.2.3
    else if (!singletons.has(name)) headers[name] = [before, value].flat();
  }
  return headers;
}

function listedIn(connection: string): ReadonlySet<string> {
  if (connection === 'keep-alive' || connection === 'close') return none;
  return new Set(connection.split(',').map((name) => name.trim().toLowerCase()));
}

/** A body without a length is sent in chunks, whatever the method: otherwise Node would send the body of a DELETE without either. */
function setFraming(request: ClientRequest, headers: OutgoingHeaders): void {
  if (headers['content-length'] === undefined && hasBody(request)) headers['transfer-encoding'] = 'chunked';
}

/** As an edge proxy does that trusts no proxy before it: Caddy's and Traefik's default. What a client says of itself gets through only where nothing is stripped. */
function setForwarded(request: ClientRequest, headers: OutgoingHeaders): void {
  const host = request.headers[':authority'] ?? request.headers.host;
  const said = headers['x-forwarded-for'];
  const peer = request.socket.remoteAddress ?? 'unknown';
  if (typeof host === 'string') {
    headers['host'] = host;
    replace(headers, 'X-Forwarded-Host', host);
  }
  replace(headers, 'X-Forwarded-For', said === undefined ? peer : `${[said].flat().join(', ')}, ${peer}`);
  replace(headers, 'X-Forwarded-Proto', 'https');
}

function replace(headers: OutgoingHeaders, name: string, value: string): void {
  const lower = name.toLowerCase();
  if (headers[lower] !== undefined) delete headers[lower];
  headers[name] = value;
}

/** After the client's lines of that name, which take over the name as the gateway writes it: Node keeps one name for all of them. */
function append(headers: OutgoingHeaders, name: string, value: string): void {
  const lower = name.toLowerCase();
  const before = headers[name] ?? headers[lower];
  if (headers[lower] !== undefined) delete headers[lower];
  headers[name] = before === undefined ? value : [before, value].flat();
}

const none: ReadonlySet<string> = new Set();

/** Of one connection alone, as Go's `httputil.ReverseProxy` has them; `Host` is set anew, and Node answers `Expect` itself. */
const ofConnection: ReadonlySet<string> = new Set([
  'connection',
  'proxy-connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
  'expect',
  'host',
]);

/** Listing it in `Connection` would change where the body ends. */
const neverListed: ReadonlySet<string> = new Set(['content-length']);

/** Node's own server takes the first of several. */
const singletons: ReadonlySet<string> = new Set(['content-length']);
