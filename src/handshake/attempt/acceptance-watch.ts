import type tls from 'node:tls';
import { afterAwake } from '../../clock/after-awake.ts';
import { after, monotonicNow } from '../../clock/real-clock.ts';
import { serverHelloOf } from '../../wire/hello/hello.ts';
import type { CapturedChunk } from '../../wire/tap/capture.ts';
import type { Tap } from '../../wire/tap/tap.ts';
import { recordsOf } from '../../wire/records/tls-record.ts';
import type { Evidence } from '../verdict/end-report.ts';
import { plaintextHandshakeMessages } from '../../wire/handshake-messages.ts';
import { handshakeType } from '../../wire/registry/handshake-types.ts';
import { quietPeriod, roundTrip } from '../verdict/quiet-period.ts';

/** How long an endpoint may take to contradict its acceptance, in milliseconds; see {@link quietPeriod}. */
export interface Waits {
  /** After a session ticket or a TLS 1.2 Finished. */
  readonly afterSign: number;
  /** Without any sign. */
  readonly withoutSign: number;
}

/**
 * What is waited where the caller says nothing. Refusals 100 ms after a ticket or Finished were measured in the field (servers written after GnuTLS's manual); with 250 ms, 1 of
 * 5,760 refusals that were meant to come after up to 200 ms was missed on a machine with seven busy processes for two processors, and none with 500.
 */
export const usualWaits: Waits = { afterSign: 500, withoutSign: 1000 };

/**
 * Waits for what shows that an endpoint accepted its client. A TLS 1.3 client is done before the server has judged it, and many servers judge after the handshake, so that
 * acceptance is the absence of a contradiction within a bound that grows with the round trip of this very connection. Application data ends the wait, but only where it can
 * have been written after the client's Finished arrived: a TLS 1.3 server may write in its first flight (RFC 8446 figure 1).
 */
export class AcceptanceWatch {
  readonly #tap: Tap;
  readonly #waits: Waits;
  readonly #accepted: (evidence: Evidence) => void;
  #tlsSocket: tls.TLSSocket | undefined;
  /** What shows that the server completed the handshake. */
  #sign: 'session-ticket' | 'server-finished' | undefined;
  #hasData = false;
  /** When the client's last flight was written; infinite while it is held. */
  #answeredAt: number | undefined;
  #leftFirst = false;
  #cancel: (() => void) | undefined;
  #restart: (() => void) | undefined;

  constructor(tap: Tap, waits: Waits, accepted: (evidence: Evidence) => void) {
    this.#tap = tap;
    this.#waits = waits;
    this.#accepted = accepted;
    tap.hold = () => this.#holdAnswer();
  }

  /** The client completed the handshake: the wait begins. */
  begin(tlsSocket: tls.TLSSocket): void {
    this.#tlsSocket = tlsSocket;
    tlsSocket.on('data', () => {
      this.#onData();
    });
    tlsSocket.on('session', () => {
      this.#onSession();
    });
    // In a resumed TLS 1.2 handshake the server's Finished goes first and follows no judgement.
    if (!this.#isTls13 && !tlsSocket.isSessionReused()) this.#onSign('server-finished');
    else this.#wait('quiet', this.#waits.withoutSign);
  }

  /** What showed acceptance when the server left: data that followed its judgement. */
  get provenByData(): boolean {
    return this.#hasData;
  }

  /** What showed that the server had completed the handshake, in words. */
  get completion(): string | undefined {
    return this.#sign && completions[this.#sign];
  }

  /** Whether the server can have judged its client before it left: the client's last flight had been written by then. */
  get wasJudgeable(): boolean {
    const isHeld = this.#answeredAt === Infinity;
    return !isHeld && !this.#leftFirst && couldBeJudged(this.#tap.capture.chunks);
  }

  /** Ends the wait. */
  stop(): void {
    this.#restart = undefined;
    this.#cancel?.();
  }

  get #isTls13(): boolean {
    return this.#tlsSocket?.getProtocol() === 'TLSv1.3';
  }

  get #roundTrip(): number {
    return roundTrip(this.#tap.capture.chunks, 'client') ?? 0;
  }

  /**
   * The client's last flight waits until what the server wrote in its own has been read, so that data which comes later can follow the judgement, and a server
   * that ends after its first flight is seen to have judged nothing. The engine reports the handshake as complete before it writes that flight (measured on Node 26.10).
   */
  #holdAnswer(): Promise<void> | undefined {
    if (this.#answeredAt !== undefined) return undefined;
    if (serverHelloOf(recordsOf(this.#tap.capture.chunks)) === undefined) return undefined;
    this.#answeredAt = Infinity;
    return new Promise((resolve) => {
      after(Math.min(Math.max(this.#roundTrip, leastHoldMs), mostHoldMs), () => {
        this.#answeredAt = monotonicNow();
        this.#leftFirst = this.#tap.peerLeft !== undefined;
        this.#restart?.();
        resolve();
      });
    });
  }

  #onData(): void {
    if (this.#hasData || !this.#canFollowJudgement()) return;
    this.#hasData = true;
    // Without a ticket before it, a process that was interrupted within its first flight may still have written it there.
    if (this.#isTls13 && this.#sign === undefined) this.#wait('application-data', this.#waits.afterSign);
    else this.#accepted('application-data');
  }

  #canFollowJudgement(): boolean {
    if (!this.#isTls13 || this.#sign !== undefined) return true;
    const roundTripMs = this.#roundTrip;
    const way = roundTripMs > mostHoldMs ? roundTripMs / 2 : 0; // half for the way, half for the work of a busy server
    return monotonicNow() - (this.#answeredAt ?? Infinity) >= way;
  }

  #onSession(): void {
    if (this.#isTls13 && !this.#hasData) this.#onSign('session-ticket');
  }

  #onSign(sign: 'session-ticket' | 'server-finished'): void {
    if (this.#sign !== undefined) return;
    this.#sign = sign;
    this.#wait(sign, this.#waits.afterSign);
  }

  #wait(evidence: Evidence, milliseconds: number): void {
    this.#restart = () => {
      this.#cancel?.();
      this.#cancel = afterAwake(quietPeriod(milliseconds, this.#tap.capture.chunks, 'client'), () => {
        this.#accepted(evidence);
      });
    };
    this.#restart();
  }
}

/**
 * Whether a server can have judged its client: the client's last flight, with its Certificate where one was asked for and its Finished, has been written. A server that
 * leaves before has judged nothing (it may have crashed, or a middlebox cut the connection).
 */
function couldBeJudged(chunks: readonly CapturedChunk[]): boolean {
  const records = recordsOf(chunks);
  const version = serverHelloOf(records)?.version;
  if (version === undefined) return false;
  const answered = records.filter(({ sentBy }) => sentBy === 'client');
  // In TLS 1.3 that flight is the first under keys; a change_cipher_spec means nothing there (RFC 8446 5).
  if (version === 'TLSv1.3') return answered.some(({ type }) => type === 'application_data');
  return (
    answered.some(({ type }) => type === 'change_cipher_spec') ||
    plaintextHandshakeMessages(records, 'client').some(({ type }) => type !== handshakeType.client_hello)
  );
}

const completions = {
  'session-ticket': 'it had sent a session ticket',
  'server-finished': 'it had sent its Finished',
} as const;

const leastHoldMs = 10;
const mostHoldMs = 50;
