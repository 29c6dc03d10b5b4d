import type { ClientHttp2Session } from 'node:http2';
import type tls from 'node:tls';
import { describeErrors } from '../../../handshake/verdict/client-errors/handshake-failure.ts';
import { type CallEnd, callPlainly, type CallWatch, type PlainClientOptions, type ServerAddress } from './plain-client.ts';
import { encodeHttp1, type PreparedRequest } from './server-request.ts';

/** How a request is sent. */
export type HttpVersion = 'HTTP/1.1' | 'HTTP/2';

/** The first line of what a server answers to a request right after the handshake; an echo is an answer too. In HTTP/2, `HTTP/2 <status>`. */
export function request(
  address: ServerAddress,
  prepared: PreparedRequest,
  { http = 'HTTP/1.1', ...options }: PlainClientOptions & { readonly http?: HttpVersion },
): Promise<CallEnd<string>> {
  return http === 'HTTP/1.1'
    ? callPlainly<string>(address, options, (socket, watch) => overHttp1(socket, prepared, watch))
    : callPlainly<string>(address, { ...options, alpn: 'h2' }, (socket, watch) => overHttp2(socket, prepared, watch));
}

/** Whether an answer means that the client was accepted: an HTTP status below 400, or a protocol that is not HTTP. */
export function isServed(firstLine: string): boolean {
  const status = statusOf(firstLine);
  return status === undefined || status < 400;
}

/** The status in the first line of an answer; undefined where it is not one of HTTP. */
export function statusOf(firstLine: string): number | undefined {
  const digits = /^HTTP\/\d\S* (\d{3})/u.exec(firstLine)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** For messages. */
export function describeEnd(end: CallEnd<string>): string {
  if (end.kind === 'came') return `answered "${end.value}"`;
  return end.kind === 'ended' ? `no answer, ${end.words}` : `no answer within ${end.milliseconds} ms`;
}

/** The first line of an answer that has come. */
export function firstLineOf(received: string): string {
  const [line = ''] = withoutInterim(received).split('\r\n');
  return line;
}

function overHttp1(socket: tls.TLSSocket, prepared: PreparedRequest, { came }: CallWatch<string>): void {
  socket.once('secureConnect', () => {
    // In one write with the client's Finished where the engine can: what a server does before it has judged is what is tested.
    socket.write(encodeHttp1(prepared));
  });
  let received = '';
  socket.on('data', (chunk: Buffer) => {
    received = withoutInterim(received + chunk.toString('latin1'));
    const line = lineOf(received);
    if (line !== undefined) came(line);
  });
}

/** 1xx responses come before the answer (RFC 9110 15.2). */
function withoutInterim(received: string): string {
  const end = interim.test(received) ? received.indexOf('\r\n\r\n') : -1;
  return end < 0 ? received : withoutInterim(received.slice(end + 4));
}

/** Undefined where more is to come: a status line can arrive in parts, what is another protocol's need not have lines. */
function lineOf(received: string): string | undefined {
  const [line = '', ...more] = received.split('\r\n');
  if (interim.test(received)) return undefined;
  const isPart = more.length === 0 && (line.startsWith(statusLine) || statusLine.startsWith(line));
  return isPart ? undefined : line;
}

function overHttp2(
  socket: tls.TLSSocket,
  { method, path, host, headers, body }: PreparedRequest,
  { came, ended }: CallWatch<string>,
): void {
  socket.once('secureConnect', () => {
    if (socket.alpnProtocol !== 'h2') {
      ended('the server does not agree to HTTP/2');
      return;
    }
    const session: ClientHttp2Session = process
      .getBuiltinModule('node:http2')
      .connect(`https://${host}`, { createConnection: () => socket });
    session.on('error', (error) => ended(describeErrors(error)));
    const stream = session.request({ ...headers, ':method': method, ':path': path, ':authority': host }, { endStream: body.length === 0 });
    stream.on('error', (error) => ended(describeErrors(error)));
    stream.once('response', ({ ':status': status }) => {
      came(`HTTP/2 ${status}`);
      session.destroy();
    });
    stream.once('close', () => ended(`the stream was closed with code ${stream.rstCode}`));
    if (body.length > 0) stream.end(body);
  });
}

const statusLine = 'HTTP/1';
const interim = /^HTTP\/1\.1 1/u;
