import { after, monotonicNow } from '../../clock/real-clock.ts';
import { MtlsFixturesError } from '../../errors/index.ts';
import type { ParsedAttempt } from './attempt-options.ts';

/** How far an attempt has come. */
interface Progress {
  readonly seen: string;
}

/** What ends an attempt before there is a verdict: its time, counted from the first step, and the caller's `AbortSignal`. */
export class AttemptLimits {
  readonly #attempt: ParsedAttempt;
  readonly #over: Promise<never>;
  readonly #whenOver: (() => void)[] = [];
  readonly #startedAt = monotonicNow();
  #cancel: () => void;
  #fail: (error: MtlsFixturesError) => void = () => {};
  #progress: Progress = { seen: 'no connection was made' };

  /** Throws `ABORTED` at once where the signal has been aborted before. */
  constructor(attempt: ParsedAttempt) {
    this.#attempt = attempt;
    const { signal } = attempt;
    if (signal?.aborted === true) throw this.#aborted();
    this.#over = new Promise((_resolve, reject) => {
      this.#fail = reject;
    });
    this.#over.catch(() => {}); // reported through `bound`, if at all
    const onAbort = (): void => {
      this.#end(this.#aborted());
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    this.#cancel = () => signal?.removeEventListener('abort', onAbort);
  }

  /** The promise, or the error of the limit that was reached first. */
  bound<T>(promise: Promise<T>): Promise<T> {
    promise.catch(() => {}); // one that loses may still fail
    return Promise.race([promise, this.#over]);
  }

  /** Called when a limit is reached. */
  onOver(callback: () => void): void {
    this.#whenOver.push(callback);
  }

  /** There is a connection, whose making has a bound of its own: what is left of the time is for the handshake. */
  follow(progress: Progress): void {
    this.#progress = progress;
    const forget = this.#cancel;
    const left = Math.max(1, this.#attempt.timeout - (monotonicNow() - this.#startedAt));
    const cancelTimer = after(left, () => {
      this.#end(this.#timedOut());
    });
    this.#cancel = () => {
      cancelTimer();
      forget();
    };
  }

  /** There is a verdict, or an error: nothing is limited any more. */
  stop(): void {
    this.#cancel();
  }

  #end(error: MtlsFixturesError): void {
    this.#cancel();
    this.#fail(error);
    for (const callback of this.#whenOver) callback();
  }

  #aborted(): MtlsFixturesError {
    const { host, port, signal } = this.#attempt;
    return new MtlsFixturesError('ABORTED', { host, port, seen: this.#progress.seen }, { cause: signal?.reason });
  }

  #timedOut(): MtlsFixturesError {
    const { host, port, timeout } = this.#attempt;
    return new MtlsFixturesError('HANDSHAKE_TIMEOUT', { host, port, milliseconds: timeout, seen: this.#progress.seen });
  }
}
