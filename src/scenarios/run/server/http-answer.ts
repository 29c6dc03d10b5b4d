import type { ClientHttp2Session } from 'node:http2';
import type tls from 'node:tls';
import { type AnswerBeginning, beginningOf, describeBeginning, isUnclear } from '../../../net/answer-beginning.ts';
import { describeErrors } from '../../../handshake/verdict/client-errors/handshake-failure.ts';
import { type CallEnd, callPlainly, type CallWatch, type PlainClientOptions, type ServerAddress } from './plain-client.ts';
import { encodeHttp1, type PreparedRequest } from './server-request.ts';

/** How a request is sent. */
export type HttpVersion = 'HTTP/1.1' | 'HTTP/2';

/** How a server answers a request right after the handshake; an echo is an answer too. In HTTP/2 the line is `HTTP/2 <status>`. */
export async function request(
  address: ServerAddress,
  prepared: PreparedRequest,
  { http = 'HTTP/1.1', ...options }: PlainClientOptions & { readonly http?: HttpVersion },
): Promise<CallEnd<AnswerBeginning>> {
  if (http === 'HTTP/2')
    return callPlainly<AnswerBeginning>(address, { ...options, alpn: 'h2' }, (socket, watch) => overHttp2(socket, prepared, watch));
  let received: Buffer = Buffer.alloc(0);
  const end = await callPlainly<AnswerBeginning>(address, options, (socket, { came }) => {
    // In one write with the client's Finished where the engine can: what a server does before it has judged is what is tested.
    socket.once('secureConnect', () => socket.write(encodeHttp1(prepared)));
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      const answer = beginningOf(received);
      if (answer.kind !== 'incomplete') came(answer);
    });
  });
  // The end of a connection does not refuse where an answer had begun.
  return end.kind === 'ended' && received.length > 0 ? { ...end, kind: 'came', value: beginningOf(received) } : end;
}

/** Whether an answer means that the client was accepted: an HTTP status below 400, or a protocol that is not HTTP. */
export function isServed(answer: AnswerBeginning): boolean {
  return !isUnclear(answer) && (answer.status ?? 0) < 400;
}

/** Whether a call shows neither that the request was served nor that it was refused. */
export function isUndecided(end: CallEnd<AnswerBeginning>): boolean {
  return end.kind === 'silence' || (end.kind === 'came' && isUnclear(end.value));
}

/** For messages. */
export function describeEnd(end: CallEnd<AnswerBeginning>): string {
  if (end.kind === 'came') return `answered ${describeBeginning(end.value)}`;
  return end.kind === 'ended' ? `no answer, ${end.words}` : `no answer within ${end.milliseconds} ms`;
}

function overHttp2(
  socket: tls.TLSSocket,
  { method, path, host, headers, body }: PreparedRequest,
  { came, ended }: CallWatch<AnswerBeginning>,
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
    stream.once('response', ({ ':status': status = 0 }) => {
      came({ kind: 'http', line: `HTTP/2 ${status}`, status });
      session.destroy();
    });
    stream.once('close', () => ended(`the stream was closed with code ${stream.rstCode}`));
    if (body.length > 0) stream.end(body);
  });
}
