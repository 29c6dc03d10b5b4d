import { invalidOption } from '../../../errors/index.ts';
import { isBytes } from '../../../options/bytes.ts';
import { requireText } from '../../../options/checks.ts';
import { type OptionSchema, requireOptionsOf } from '../../../options/schema.ts';

/** What a server under test is asked by the scenarios that send a request over HTTP. */
export interface ServerRequest {
  /** Default `GET`. */
  readonly method?: string | undefined;
  /** `host` is the name that the handshake asks for unless given; `content-length` and `connection` are set by the library. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: string | Uint8Array | undefined;
}

/** What the user asks of a server under test. */
export interface AskedOfServer {
  /** Default `/`. */
  readonly path?: string | undefined;
  readonly request?: ServerRequest | undefined;
}

/** A request to one host, in the fields of either version of HTTP. */
export interface PreparedRequest {
  readonly method: string;
  readonly path: string;
  readonly host: string;
  /** With lower-case names, without `host`. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** The request of a run's settings, to the name that the handshake asks for or the user's `host` header, unless the scenario is about another host. */
export function preparedRequest(
  { path = '/', request = {} }: AskedOfServer,
  { servername, otherHost }: { readonly servername: string; readonly otherHost?: string | undefined },
): PreparedRequest {
  const { method = 'GET', headers = {}, body = '' } = request;
  const fields = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  const usualHost = fields.get('host') ?? servername;
  fields.delete('host');
  return { method, path, host: otherHost ?? usualHost, headers: Object.fromEntries(fields), body: Buffer.from(body) };
}

/** The octets of a request in HTTP/1.1, after which the server closes the connection. */
export function encodeHttp1({ method, path, host, headers, body }: PreparedRequest): Buffer {
  const length = body.length > 0 ? { 'Content-Length': String(body.length) } : {};
  const fields = Object.entries({ Host: host, ...headers, ...length, Connection: 'close' });
  const head = `${method} ${path} HTTP/1.1\r\n${fields.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`;
  return Buffer.concat([Buffer.from(head, 'latin1'), body]);
}

/** Rejects what no server can be asked. */
export function requireAsked({ path, request }: AskedOfServer): void {
  if (path !== undefined) requirePath('path', path);
  if (request !== undefined) requireRequest('request', request);
}

/** Rejects what cannot be the path of a request. */
function requirePath(option: string, value: unknown): void {
  if (typeof value !== 'string' || !/^\/[!-~]*$/u.test(value))
    throw invalidOption(option, value, 'a path of printable ASCII that begins with "/"');
}

/** Rejects what is not a request. */
function requireRequest(_option: string, value: unknown): void {
  requireOptionsOf(requestSchema, value);
}

const requestSchema: OptionSchema = {
  what: 'request option',
  own: { method: requireMethod, headers: requireHeaders, body: requireBody },
  reserved: { path: 'path beside request' },
};

function requireMethod(option: string, value: unknown): void {
  if (typeof value !== 'string' || !token.test(value) || value === 'CONNECT')
    throw invalidOption(option, value, 'an HTTP method, e.g. POST');
}

function requireHeaders(option: string, value: unknown): void {
  if (typeof value !== 'object' || value === null) throw invalidOption(option, value, 'an object of names and values');
  for (const [name, field] of Object.entries(value)) {
    if (!token.test(name) || framing.has(name.toLowerCase()))
      throw invalidOption(option, name, `the name of a header, and not of one that the library sets (${[...framing].join(', ')})`);
    if (typeof field !== 'string' || !/^[\t -~\u{80}-\u{ff}]*$/u.test(field))
      throw invalidOption(`${option}.${name}`, field, 'text of one line in Latin-1');
  }
}

function requireBody(option: string, value: unknown): void {
  if (!isBytes(value)) requireText(option, value);
}

/** RFC 9110 5.6.2. */
const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/u;
/** Of the connection and of the message's length; HTTP/2 has none of them (RFC 9113 8.2.2). */
const framing: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'http2-settings',
  'keep-alive',
  'proxy-connection',
  'te',
  'transfer-encoding',
  'upgrade',
]);
