import { after } from '../clock/real-clock.ts';
import { MtlsFixturesError } from '../errors/index.ts';
import type { Handshake } from './handshake.ts';

/** The handshakes of one server in the order of their verdicts: remembers the last `keep`, and hands out each once. */
export class HandshakeLog {
  readonly #keep: number;
  readonly #handshakes: Handshake[] = [];
  readonly #waiting: ((handshake: Handshake) => void)[] = [];
  #handedOut = 0;
  #seen = 0;

  constructor(keep: number) {
    this.#keep = keep;
  }

  get all(): readonly Handshake[] {
    return [...this.#handshakes];
  }

  add(handshake: Handshake): void {
    this.#seen += 1;
    this.#handshakes.push(handshake);
    const waiter = this.#waiting.shift();
    if (waiter) {
      this.#handedOut += 1;
      waiter(handshake);
    }
    if (this.#handshakes.length <= this.#keep) return;
    this.#handshakes.shift();
    this.#handedOut = Math.max(0, this.#handedOut - 1);
  }

  /** The next handshake that was not handed out yet. */
  next(timeout: number, url: string): Promise<Handshake> {
    const ready = this.#handshakes[this.#handedOut];
    if (ready) {
      this.#handedOut += 1;
      return Promise.resolve(ready);
    }
    return new Promise((resolve, reject) => {
      const waiter = (handshake: Handshake): void => {
        cancel();
        resolve(handshake);
      };
      const cancel = after(timeout, () => {
        this.#waiting.splice(this.#waiting.indexOf(waiter), 1);
        reject(new MtlsFixturesError('NO_HANDSHAKE', { milliseconds: timeout, url, seen: this.#seen }));
      });
      this.#waiting.push(waiter);
    });
  }
}
