import type tls from 'node:tls';
import { deferred, type Deferred } from '../../clock/deferred.ts';
import { after } from '../../clock/real-clock.ts';
import { invalidOption, MtlsFixturesError } from '../../errors/index.ts';
import { isBytes } from '../../options/bytes.ts';
import { requireMilliseconds } from '../../options/checks.ts';
import { functionOf, requireOptionsOf } from '../../options/schema.ts';
import { type Alert, alertOf } from '../../wire/records/alert-record.ts';
import type { ObservedServer } from '../server/observed-server.ts';
import { describeError } from '../verdict/client-errors/node-error.ts';
import type { Handshake } from '../verdict/handshake.ts';
import { performHandshake } from './attempt-handshake.ts';
import type { AttemptOptions, Endpoint } from './attempt-options.ts';

/** How a connection came to its end. */
export interface ConnectionEnd {
  /** Who ended it: `client` where `close()` did. */
  readonly by: 'client' | 'server';
  /** `closed` by an end of stream, `reset`, or with an `alert`. */
  readonly how: 'closed' | 'reset' | 'alert';
  /** The alert that the server sent, close_notify apart. */
  readonly alert?: Alert;
}

/** How an answer is waited for. */
export interface ExchangeOptions {
  /** Whether all of the answer has come; default: as soon as anything has. */
  readonly until?: ((received: Buffer) => boolean) | undefined;
  /** Milliseconds; default 5,000. Then `NO_ANSWER`. */
  readonly timeout?: number | undefined;
}

/**
 * A client's connection that stays open: to see what becomes of it when a certificate expires, is revoked or is replaced, or when the server's trust changes. Close it,
 * or hold it with `await using`.
 */
export interface OpenConnection {
  /** Its handshake. One that was rejected is a value here too; its connection is over. */
  readonly handshake: Handshake;
  /** Whether neither end has ended it. */
  readonly isOpen: boolean;
  /** How it ended, once it has. */
  readonly closed: Promise<ConnectionEnd>;
  /**
   * Sends bytes, or text in UTF-8, and returns what comes back, together with what came before and was not returned yet. Throws `CONNECTION_OVER` where it has ended, also while
   * the answer is awaited, and `NO_ANSWER` after `timeout`.
   */
  exchange(sent: Uint8Array | string, options?: ExchangeOptions): Promise<Buffer>;
  /** Sends bytes, or text in UTF-8, without waiting for an answer: to begin a request that `exchange` completes. Throws `CONNECTION_OVER` where it has ended. */
  send(sent: Uint8Array | string): void;
  /** Returns what has come and was not returned yet, without waiting. */
  received(): Buffer;
  /** Ends it with a close_notify. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Performs a handshake, as `attemptHandshake` does and with its options and errors, and leaves the connection open. */
export async function openConnection(target: ObservedServer | Endpoint, options: AttemptOptions = {}): Promise<OpenConnection> {
  let connection: ClientConnection | undefined;
  const handshake = await performHandshake(target, options, {
    keep: (tlsSocket) => {
      connection = new ClientConnection(tlsSocket, `${target.host}:${target.port}`);
    },
  });
  if (!connection) throw new Error('a handshake is performed on a socket'); // the call says so
  if (handshake.verdict === 'rejected') connection.abandon();
  return connection.of(handshake);
}

/** The socket of a connection, read from its first octet on. */
class ClientConnection {
  readonly #tlsSocket: tls.TLSSocket;
  readonly #place: string;
  readonly #closed: Deferred<ConnectionEnd> = deferred();
  #end: ConnectionEnd | undefined;
  #closesItself = false;
  #received: Buffer[] = [];
  #onReceived: (() => void) | undefined;

  constructor(tlsSocket: tls.TLSSocket, place: string) {
    this.#tlsSocket = tlsSocket;
    this.#place = place;
    tlsSocket.on('data', (chunk: Buffer) => {
      this.#received.push(chunk);
      this.#onReceived?.();
    });
    tlsSocket.on('error', (error) => this.#onError(error));
    for (const event of ['end', 'close']) tlsSocket.once(event, () => this.#over({ by: this.#whoEnds, how: 'closed' }));
  }

  of(handshake: Handshake): OpenConnection {
    const isOpen = (): boolean => this.#end === undefined;
    return {
      handshake,
      get isOpen() {
        return isOpen();
      },
      closed: this.#closed.promise,
      exchange: (sent, options) => this.#exchange(sent, options),
      send: (sent) => {
        this.#send(sent);
      },
      received: () => this.#take(),
      close: () => this.#close(),
      [Symbol.asyncDispose]: () => this.#close(),
    };
  }

  /** The handshake was rejected: nothing is awaited of the connection any more. */
  abandon(): void {
    this.#tlsSocket.destroy();
  }

  async #exchange(sent: unknown, options: ExchangeOptions = {}): Promise<Buffer> {
    requireOptionsOf(exchangeSchema, options);
    const { until = (received: Buffer) => received.length > 0, timeout = 5000 } = options;
    requireSendable(sent);
    this.#requireOpen();
    const answer = deferred();
    const look = (): void => {
      if (until(Buffer.concat(this.#received))) answer.resolve();
    };
    const cancel = after(timeout, () => answer.reject(new MtlsFixturesError('NO_ANSWER', { place: this.#place, milliseconds: timeout })));
    void this.#closed.promise.then((end) => answer.reject(this.#errorOf(end)));
    this.#onReceived = () => {
      try {
        look();
      } catch (error) {
        answer.reject(error); // thrown by the caller's function
      }
    };
    this.#tlsSocket.write(sent);
    try {
      await answer.promise;
      return this.#take();
    } finally {
      cancel();
      this.#onReceived = undefined;
    }
  }

  #send(sent: unknown): void {
    requireSendable(sent);
    this.#requireOpen();
    this.#tlsSocket.write(sent);
  }

  #take(): Buffer {
    const received = Buffer.concat(this.#received);
    this.#received = [];
    return received;
  }

  #requireOpen(): void {
    if (this.#end) throw this.#errorOf(this.#end);
  }

  #errorOf({ by, how, alert }: ConnectionEnd): MtlsFixturesError {
    const words = { closed: 'closed it', reset: 'reset it', alert: `sent the alert ${alert?.name}` }[how];
    return new MtlsFixturesError('CONNECTION_OVER', { place: this.#place, how: `the ${by} ${words}` });
  }

  async #close(): Promise<void> {
    if (this.#end === undefined) this.#closesItself = true;
    this.#tlsSocket.end();
    const cancel = after(closeNotifyMs, () => this.#tlsSocket.destroy());
    await this.#closed.promise;
    cancel();
    this.#tlsSocket.destroy();
  }

  get #whoEnds(): 'client' | 'server' {
    return this.#closesItself ? 'client' : 'server';
  }

  #onError(error: Error): void {
    const { alertNumber } = describeError(error);
    if (alertNumber === undefined) this.#over({ by: this.#whoEnds, how: 'reset' });
    else this.#over({ by: 'server', how: 'alert', alert: alertOf(alertNumber, 'server') });
  }

  #over(end: ConnectionEnd): void {
    this.#end ??= end;
    this.#closed.resolve(this.#end);
  }
}

function requireSendable(sent: unknown): asserts sent is Uint8Array | string {
  if (typeof sent !== 'string' && !isBytes(sent)) throw invalidOption('bytes to send', sent, 'a Uint8Array or text');
}

const exchangeSchema = {
  what: 'exchange option',
  own: { until: functionOf('(received) => boolean'), timeout: requireMilliseconds },
};
/** How long the server is given to answer a close_notify, in milliseconds. */
const closeNotifyMs = 500;
