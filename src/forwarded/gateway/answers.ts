import { STATUS_CODES, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { MtlsFixturesError } from '../../errors/index.ts';
import { nextTurn } from '../../clock/real-clock.ts';
import type { ClientRequest, ClientResponse } from './client-request.ts';

/** An answer of the gateway's own. */
interface OwnAnswer {
  readonly error: MtlsFixturesError | undefined;
  readonly status: number;
}

/** Answers in the application's place, with the error as text. */
export function answerFailure(response: ClientResponse, answer: OwnAnswer): void {
  const text = textOf(answer);
  const headers = { 'content-type': 'text/plain; charset=utf-8', 'content-length': Buffer.byteLength(text) };
  if ('stream' in response) response.writeHead(answer.status, headers);
  else response.writeHead(answer.status, headers);
  response.end(text);
}

/** The same to a request for an upgrade, whose connection no server of Node's looks after any more. */
export function answerUpgradeFailure(socket: Socket, answer: OwnAnswer): void {
  const text = textOf(answer);
  const status = `${answer.status} ${STATUS_CODES[answer.status] ?? ''}`;
  socket.end(
    `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
  );
}

/** Ends an answer so that the client can tell that it is not all of it. */
export function cutAnswer(response: ClientResponse): void {
  if ('stream' in response) response.stream.close(internalError);
  else response.destroy();
}

/**
 * What is of the connection to the upstream stays there (RFC 9110 7.6.1): the library would pass it on. It takes from the request whether the client's connection stays, which Node
 * knows. The headers of an answer of unknown length are sent before its body comes, for what streams events.
 */
export function passAnswer({ headers }: IncomingMessage, request: ClientRequest, response: ClientResponse): void {
  for (const name of ofConnection) if (headers[name] !== undefined) headers[name] = undefined; // what is undefined is not sent, and costs less than what is deleted
  if (!('stream' in response)) {
    const isUnbounded = request.httpVersionMinor === 0 && headers['content-length'] === undefined;
    request.headers.connection = response.shouldKeepAlive && !isUnbounded ? 'keep-alive' : 'close';
  }
  if (headers['content-length'] !== undefined) return; // its body is on its way; a turn of the event loop costs a small answer a sixth of its time (measured)
  nextTurn(() => {
    if (response.headersSent || response.writableEnded || response.destroyed) return;
    if ('stream' in response) response.writeHead(response.statusCode);
    else response.flushHeaders();
  });
}

function textOf({ error, status }: OwnAnswer): string {
  return error ? `${error.code}: ${error.message}\n` : `${STATUS_CODES[status] ?? ''}\n`;
}

const ofConnection = [
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

/** HTTP/2's INTERNAL_ERROR (RFC 9113 7). */
const internalError = 2;
