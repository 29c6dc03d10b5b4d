import type { Duplex } from 'node:stream';
import { after } from '../../clock/real-clock.ts';
import { MtlsFixturesError } from '../../errors/index.ts';
import { looksLikeTls } from '../records/tls-record.ts';

/** The server of a conversation in clear text, and how long it may take. */
export interface ClearTextPeer {
  readonly host: string;
  readonly port: number;
  readonly protocol: string;
  /** Milliseconds. */
  readonly timeout: number;
}

/** The bytes that a client and a server exchange before TLS begins: bounded in time and in length, and over before TLS is. */
export class ClearText {
  readonly #socket: Duplex;
  readonly #peer: ClearTextPeer;
  readonly #cancel: () => void;
  #first: Uint8Array = new Uint8Array(0);
  #pending: Buffer = Buffer.alloc(0);
  #received = 0;
  #problem: string | undefined;
  #look: (() => void) | undefined;

  constructor(socket: Duplex, peer: ClearTextPeer) {
    this.#socket = socket;
    this.#peer = peer;
    this.#cancel = after(peer.timeout, () => {
      this.#end(this.#received === 0 ? `said nothing within ${peer.timeout} ms` : `did not answer to the end within ${peer.timeout} ms`);
    });
    socket.on('data', this.#onData).on('end', this.#onEnd).on('close', this.#onEnd).on('error', this.#onError);
  }

  /** The address of this end, where it is known. */
  get ownAddress(): string | undefined {
    return 'localAddress' in this.#socket && typeof this.#socket.localAddress === 'string' ? this.#socket.localAddress : undefined;
  }

  send(bytes: Uint8Array | string): void {
    if (!this.#socket.destroyed) this.#socket.write(bytes);
  }

  /** The next octets: `measure` says how many, or undefined while there are too few to tell. Throws `STARTTLS_FAILED` when they do not come. */
  take(measure: (pending: Buffer) => number | undefined): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      this.#look = (): void => {
        const length = measure(this.#pending);
        if (length === undefined && this.#problem === undefined) return;
        this.#look = undefined;
        if (length === undefined) {
          reject(this.failed(this.#problem ?? '', this.#pending));
          return;
        }
        resolve(this.#pending.subarray(0, length));
        this.#pending = this.#pending.subarray(length);
      };
      this.#look();
    });
  }

  octets(length: number): Promise<Buffer> {
    return this.take((pending) => (pending.length >= length ? length : undefined));
  }

  /** The next line without its end. */
  async line(): Promise<string> {
    const line = await this.take((pending) => pending.indexOf('\n') + 1 || undefined);
    return line.toString('utf8').replace(/\r?\n$/u, '');
  }

  /**
   * Leaves the socket to TLS, paused. What came after the server's go-ahead was not authenticated (CVE-2021-23222, CVE-2011-0411):
   * it is an error, and no TLS engine gets to see it.
   */
  finish(): void {
    this.#socket.pause();
    this.#cancel();
    this.#socket.off('data', this.#onData).off('end', this.#onEnd).off('close', this.#onEnd).off('error', this.#onError);
    if (this.#pending.length > 0) throw this.failed('sent more in the clear after its go-ahead for TLS', this.#pending);
  }

  /** Gives up: the socket is destroyed. */
  abandon(): void {
    this.#cancel();
    this.#socket.destroy();
  }

  /** The server speaks the protocol, and does not want TLS. */
  refused(answer: Uint8Array | string): MtlsFixturesError {
    const { host, port, protocol } = this.#peer;
    return new MtlsFixturesError('STARTTLS_REFUSED', { host, port, protocol, answer: quotable(answer) });
  }

  /** It never came to an answer that means something. `problem` completes the sentence that begins with "it". */
  failed(problem: string, answer: Uint8Array | string = ''): MtlsFixturesError {
    const { host, port, protocol } = this.#peer;
    const seen = this.#isTls ? { problem: 'speaks TLS from the start', answer: '' } : { problem, answer: quotable(answer) };
    return new MtlsFixturesError('STARTTLS_FAILED', { host, port, protocol, ...seen });
  }

  readonly #onData = (chunk: Buffer): void => {
    this.#received += chunk.length;
    if (this.#first.length < 3) this.#first = Buffer.concat([this.#first, chunk]).subarray(0, 3);
    this.#pending = Buffer.concat([this.#pending, chunk]);
    if (this.#received > mostOctets) this.#end(`sent more than ${mostOctets} octets in the clear`);
    else if (this.#isTls) this.#end('speaks TLS from the start');
    else this.#look?.();
  };

  /** Whether it began with a TLS record's header. Below version 2 it may be the length of a MySQL packet, which comes in its first three octets. */
  get #isTls(): boolean {
    return this.#first.length === 3 && (this.#first[1] ?? 0) >= 2 && looksLikeTls(this.#first);
  }

  readonly #onEnd = (): void => this.#end('closed the connection before TLS could begin');

  readonly #onError = ({ code, message }: NodeJS.ErrnoException): void =>
    this.#end(`broke the connection before TLS could begin (${code ?? message})`);

  #end(problem: string): void {
    this.#problem ??= problem;
    this.#look?.();
  }
}

/** Words of an unknown peer, fit to be quoted in one line: bounded, and without characters that would change how the rest is read. */
function quotable(answer: Uint8Array | string): string {
  const text = typeof answer === 'string' ? answer : Buffer.from(answer.subarray(0, longestQuotation * 4)).toString('utf8');
  const line = text
    .trim()
    .replaceAll(/[\r\n]+/gu, ' ')
    .replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, '.');
  return line.length > longestQuotation ? `${line.slice(0, longestQuotation).replace(/[\uD800-\uDBFF]$/u, '')}…` : line;
}

const longestQuotation = 200;
const mostOctets = 2 ** 15;
