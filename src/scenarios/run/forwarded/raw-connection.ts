import type net from 'node:net';
import type tls from 'node:tls';
import { after, monotonicNow } from '../../../clock/real-clock.ts';
import { describeErrors } from '../../../handshake/verdict/client-errors/handshake-failure.ts';
import { beginningOf } from '../../../net/answer-beginning.ts';
import { connectTcp } from '../../../net/connect-tcp.ts';
import { nodeTls } from '../../../options/engine.ts';
import { type HttpAnswer, HttpAnswerReader } from './http-answers.ts';

/** Where an application is reached. */
export interface ForwardedEndpoint {
  readonly host: string;
  readonly port: number;
  /** Options of node:tls, where it wants TLS. */
  readonly tls?: tls.ConnectionOptions | undefined;
}

/** What has come in place of an answer; `cut`: a part of one. */
export interface NoAnswer {
  readonly kind: 'closed' | 'cut' | 'silence';
  readonly words: string;
  /** Of one that is cut behind its status line. */
  readonly status?: number | undefined;
}

/** A connection on which any octets are sent, and answers are read. */
export class RawConnection {
  readonly #socket: net.Socket;
  readonly #reader = new HttpAnswerReader();
  readonly #answers: HttpAnswer[] = [];
  #ended: NoAnswer | undefined;
  #wake: (() => void) | undefined;

  private constructor(socket: net.Socket) {
    this.#socket = socket;
    let problem: string | undefined;
    socket.on('data', (chunk: Buffer) => {
      this.#answers.push(...this.#reader.read(chunk));
      this.#wake?.();
    });
    socket.on('error', (error) => {
      problem = describeErrors(error);
    });
    socket.on('end', () => this.#end(problem));
    socket.on('close', () => this.#end(problem));
  }

  /** Throws what `connectTcp` does where nothing listens, and the error of a TLS handshake that fails. */
  static async open({ host, port, tls: options }: ForwardedEndpoint, timeout: number): Promise<RawConnection> {
    const socket = await connectTcp({ host, port }, { timeout });
    return new RawConnection(options ? await secured(socket, options, timeout) : socket);
  }

  send(octets: Uint8Array): void {
    if (!this.#socket.destroyed) this.#socket.write(octets);
  }

  /** The next answer, or what has come in place of it. */
  async next(timeout: number): Promise<HttpAnswer | NoAnswer> {
    const until = monotonicNow() + timeout;
    for (;;) {
      const answer = this.#answers.shift();
      if (answer) return answer;
      if (this.#ended) return this.#ended;
      if (monotonicNow() >= until) return { kind: 'silence', words: `no answer within ${timeout} ms` };
      await this.#more(until - monotonicNow());
    }
  }

  close(): void {
    this.#socket.destroy();
  }

  #end(problem: string | undefined): void {
    if (!this.#ended) {
      const last = this.#reader.end();
      if (last) this.#answers.push(last);
      const seen = endWith(this.#reader.rest);
      this.#ended = { ...seen, words: `${seen.words}${problem === undefined ? '' : ` (${problem})`}` };
    }
    this.#wake?.();
  }

  #more(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = after(Math.max(1, milliseconds), resolve);
      this.#wake = () => {
        cancel();
        this.#wake = undefined;
        resolve();
      };
    });
  }
}

/** What has come where a connection ends after these octets, which are not a whole answer. */
export function endWith(rest: Buffer): NoAnswer {
  if (rest.length === 0) return { kind: 'closed', words: 'the connection was closed with no answer' };
  const { kind, line, status } = beginningOf(rest);
  if (kind !== 'other') return { kind: 'cut', status, words: `the connection was closed within the answer "${line}"` };
  return { kind: 'closed', words: `the connection was closed with "${rest.toString('latin1', 0, 60)}", which is not an answer in HTTP` };
}

/** TLS over a connection; rejects with the error by which it ends before the handshake is over. */
export function secured(socket: net.Socket, options: tls.ConnectionOptions, timeout: number): Promise<tls.TLSSocket> {
  return new Promise((resolve, reject) => {
    const secure = nodeTls().connect({ servername: 'localhost', ...options, socket });
    const cancel = after(timeout, () => secure.destroy(new Error(`no handshake within ${timeout} ms`)));
    const fail = (error: Error): void => {
      cancel();
      socket.destroy();
      reject(error);
    };
    secure.once('error', fail);
    secure.once('close', () => fail(new Error('the connection was closed in the handshake')));
    secure.once('secureConnect', () => {
      cancel();
      secure.removeAllListeners('close');
      secure.off('error', fail);
      resolve(secure);
    });
  });
}

/** Whether it is an answer. */
export function isAnswer(answer: HttpAnswer | NoAnswer): answer is HttpAnswer {
  return 'headers' in answer;
}
