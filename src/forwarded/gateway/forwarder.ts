import http from 'node:http';
import type { Socket } from 'node:net';
import { createProxyServer, type ProxyServer } from 'httpxy';
import type { ClientRequest, ClientResponse } from './client-request.ts';
import { clientOf } from './connected-client.ts';
import { answerFailure, answerUpgradeFailure, cutAnswer, passAnswer } from './answers.ts';
import { hasBody, type OutgoingHeaders, requestHeaders, upgradeHeaders } from './request-headers.ts';
import type { GatewayRequest } from './gateway.ts';
import type { OpenRequest, RequestLog } from './request-log.ts';
import { originForm } from './request-target.ts';
import { endedEarly, handlerThrew, tooLarge, unsendable, type UpstreamFailure, upstreamFailure } from './upstream-failure.ts';
import { placeOf, type Target } from './upstream.ts';

/** What the forwarder is given. */
interface ForwarderParts {
  readonly target: Target;
  readonly log: RequestLog;
  readonly strip: boolean;
  readonly isStripped: (lowerCaseName: string) => boolean;
  readonly onRequest: ((request: GatewayRequest) => void) | undefined;
}

/** A request and its way: `isOver` once its client has the answer, or has left. */
interface Exchange {
  readonly record: OpenRequest;
  isOver: boolean;
  /** The upstream's answer has begun. */
  hasAnswer: boolean;
  isRetried: boolean;
  upstream: http.ClientRequest | undefined;
}

/** Sends the requests of one gateway to its upstream, by connections that are kept alive, and their answers back; records both. */
export class Forwarder {
  readonly #parts: ForwarderParts;
  readonly #place: string;
  readonly #agent: http.Agent;
  readonly #proxy: ProxyServer<ClientRequest, ClientResponse>;
  readonly #open = new Set<Exchange>();

  constructor(parts: ForwarderParts) {
    this.#parts = parts;
    this.#place = placeOf(parts.target);
    this.#agent = new http.Agent({ keepAlive: true, timeout: idleTimeoutMs });
    this.#proxy = createProxyServer({ target: parts.target, agent: this.#agent }) as unknown as ProxyServer<ClientRequest, ClientResponse>; // the compatibility API of HTTP/2 is the same to it
    this.#proxy.on('error', (error, request, response) => this.#onError(error, request, response));
    this.#proxy.on('proxyReq', (upstream, request) => {
      const exchange = exchangeOf(request);
      if (exchange) exchange.upstream = upstream;
    });
    this.#proxy.on('proxyRes', (answer, request, response) => this.#onAnswer(answer, request, response));
    this.#proxy.on('proxyReqWs', (upstream, request, socket) => this.#onUpgrading(upstream, request, socket));
  }

  /** Forwards a request, by whatever version of HTTP it came. */
  forward(request: ClientRequest, response: ClientResponse): void {
    const exchange = this.#begin(request, (headers) => requestHeaders(request, headers));
    response.once('close', () => this.#end(exchange));
    if (exchange.record.error) answerFailure(response, { error: exchange.record.error, status: 502 });
    else this.#send(request, response);
  }

  /** Forwards a request to upgrade the connection to WebSocket. */
  upgrade(request: http.IncomingMessage, socket: Socket, head: Buffer): void {
    const exchange = this.#begin(request, (headers) => upgradeHeaders(request, headers));
    socket.once('close', () => this.#end(exchange));
    socket.on('error', () => {}); // a client that leaves: Node's server does not look after it any more
    const { error } = exchange.record;
    if (error) answerUpgradeFailure(socket, { error, status: 502 });
    else if (request.headers.upgrade?.toLowerCase() !== 'websocket' || request.method !== 'GET') {
      exchange.record.status = 501;
      answerUpgradeFailure(socket, { error: undefined, status: 501 });
    } else void this.#proxy.ws(request, socket, {}, head).catch(() => {}); // the event "error" has it
  }

  /** Whose request the upstream's handler threw at: the upstream knows the port of this end of its connection. */
  handlerThrew(thrown: unknown, port: number | undefined): void {
    for (const { upstream, record } of this.#open) if (upstream?.socket?.localPort === port) record.error ??= handlerThrew(thrown).error;
  }

  /** Ends every connection to the upstream. */
  close(): void {
    for (const { upstream } of this.#open) upstream?.destroy();
    this.#agent.destroy();
  }

  #send(request: ClientRequest, response: ClientResponse): void {
    void this.#proxy.web(request, response).catch(() => {}); // likewise
  }

  #begin(request: ClientRequest, write: (policy: Parameters<typeof requestHeaders>[1]) => OutgoingHeaders): Exchange {
    originForm(request);
    const record = this.#parts.log.add({
      method: request.method ?? '',
      path: request.url ?? '',
      protocol: request.httpVersionMajor > 1 ? 'HTTP/2' : `HTTP/1.${request.httpVersionMinor === 0 ? 0 : 1}`,
      headers: [],
      certificate: undefined,
      status: undefined,
      error: undefined,
    });
    const exchange: Exchange = { record, isOver: false, hasAnswer: false, isRetried: false, upstream: undefined };
    Reflect.set(request, exchangeSymbol, exchange); // a WeakMap of requests costs the garbage collector more (measured)
    this.#open.add(exchange);
    try {
      const { lines, certificate } = clientOf(request.socket).named();
      Object.assign(record, { headers: lines, certificate });
      replaceHeaders(request, write({ ...this.#parts, lines }));
    } catch (error) {
      this.#fail(exchange, unsendable(error));
    }
    return exchange;
  }

  #end(exchange: Exchange): void {
    exchange.isOver = true;
    exchange.upstream = undefined; // an exchange that has become old would keep what is young and over from being collected (measured)
    this.#open.delete(exchange);
    this.#parts.onRequest?.(exchange.record);
  }

  #fail({ record }: Exchange, failure: UpstreamFailure): UpstreamFailure {
    record.error ??= failure.error;
    record.status ??= failure.status;
    return failure;
  }

  #onAnswer(answer: http.IncomingMessage, request: ClientRequest, response: ClientResponse): void {
    const exchange = exchangeOf(request);
    if (!exchange) return;
    const { record } = exchange;
    exchange.hasAnswer = true;
    record.status = answer.statusCode;
    if (record.status === 431) record.error = tooLarge(this.#place, octetsOf(record)).error;
    // Before the library's own listener, which destroys the answer to the client: the record is there first.
    answer.once('error', (error) => {
      if (exchange.isOver) return;
      this.#fail(exchange, endedEarly(this.#place, 'within its answer', error));
      this.#cut(exchange, response);
    });
    passAnswer(answer, request, response);
  }

  /** The library pipes an answer once it has begun: it is too late for another, even where no octet of it has been sent. */
  #cut({ record }: Exchange, response: ClientResponse): void {
    if (!response.headersSent) record.status = undefined;
    cutAnswer(response);
  }

  #onError(error: Error, request: ClientRequest | undefined, response: ClientResponse | Socket | undefined): void {
    const exchange = request && exchangeOf(request);
    if (!exchange || exchange.isOver || !response || (!('statusCode' in response) && response.destroyed)) return; // the client has left
    if ('statusCode' in response && this.#mayRetry(error, request, exchange)) {
      exchange.isRetried = true;
      this.#send(request, response);
      return;
    }
    const failure = this.#fail(exchange, upstreamFailure(error, this.#place));
    if (!('statusCode' in response)) {
      if (exchange.record.status !== 101) answerUpgradeFailure(response, failure);
    } else if (exchange.hasAnswer) this.#cut(exchange, response);
    else answerFailure(response, failure);
  }

  /** The upstream closed an idle connection while the request was under way: nothing of it was processed (RFC 9110 9.2.2). */
  #mayRetry({ code }: NodeJS.ErrnoException, request: ClientRequest, { upstream, hasAnswer, isRetried }: Exchange): boolean {
    return (
      code === 'ECONNRESET' && upstream?.reusedSocket === true && !hasAnswer && !isRetried && isSafe(request.method) && !hasBody(request)
    );
  }

  #onUpgrading(upstream: http.ClientRequest, request: ClientRequest, socket: Socket): void {
    const exchange = exchangeOf(request);
    if (!exchange) return;
    exchange.upstream = upstream;
    upstream.once('response', ({ statusCode }) => (exchange.record.status = statusCode));
    upstream.once('upgrade', ({ statusCode }, upgraded) => {
      exchange.record.status = statusCode;
      // A pipe ends what it feeds, and does not destroy it.
      socket.once('close', () => upgraded.destroy());
      upgraded.once('close', () => socket.destroySoon());
    });
  }
}

const exchangeSymbol: unique symbol = Symbol('the exchange of a request');

function exchangeOf(request: ClientRequest): Exchange | undefined {
  return Reflect.get(request, exchangeSymbol) as Exchange | undefined; // only `#begin` sets it
}

/** The library takes the headers from here. */
function replaceHeaders(request: ClientRequest, headers: OutgoingHeaders): void {
  if ('stream' in request) Object.defineProperty(request, 'headers', { value: headers, configurable: true, writable: true });
  else request.headers = headers;
}

function octetsOf({ headers }: OpenRequest): number {
  return headers.reduce((sum, [name, value]) => sum + name.length + value.length, 0);
}

function isSafe(method: string | undefined): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'OPTIONS';
}

/** Milliseconds: less than the five seconds after which Node's own servers close an idle connection. */
const idleTimeoutMs = 4000;
