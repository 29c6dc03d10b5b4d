import { deferred } from '../../clock/deferred.ts';
import { after } from '../../clock/real-clock.ts';
import { MtlsFixturesError } from '../../errors/index.ts';
import type { Handshake } from '../verdict/handshake.ts';
import type { Recorded } from '../verdict/lazy-handshake.ts';

/** The handshakes of one server in the order of their verdicts: remembers the last `maxHandshakes`, and hands out each once. */
export class HandshakeLog {
  readonly #maxHandshakes: number;
  readonly #handshakes: Recorded[] = [];
  readonly #waiting: Waiter[] = [];
  #handedOut = 0;
  #seen = 0;

  constructor(maxHandshakes: number) {
    this.#maxHandshakes = maxHandshakes;
  }

  get all(): readonly Handshake[] {
    return this.#handshakes.map(({ handshake }) => handshake);
  }

  add(recorded: Recorded): void {
    this.#seen += 1;
    this.#handshakes.push(recorded);
    const waiter = this.#waiting.shift();
    if (waiter) {
      this.#handedOut += 1;
      waiter.resolve(recorded.handshake);
    }
    if (this.#handshakes.length <= this.#maxHandshakes) return;
    this.#handshakes.shift();
    this.#handedOut = Math.max(0, this.#handedOut - 1);
  }

  /** Takes back one that this library made for itself before any test ran. */
  withdraw(handshake: Handshake): void {
    const at = this.#handshakes.findIndex((recorded) => recorded.handshake === handshake);
    if (at === -1) return;
    this.#handshakes.splice(at, 1);
    this.#seen -= 1;
    if (at < this.#handedOut) this.#handedOut -= 1;
  }

  /** One that is there and was not handed out yet. */
  takeReady(): Handshake | undefined {
    const ready = this.#handshakes[this.#handedOut];
    if (ready) this.#handedOut += 1;
    return ready?.handshake;
  }

  /** The next handshake that was not handed out yet. Throws `NO_HANDSHAKE` after `timeout` milliseconds. */
  async next(timeout: number, url: string): Promise<Handshake> {
    const ready = this.takeReady();
    if (ready) return ready;
    const { promise, resolve, reject } = deferred<Handshake>();
    const waiter = { resolve, reject };
    const cancel = after(timeout, () => {
      this.#waiting.splice(this.#waiting.indexOf(waiter), 1);
      reject(new MtlsFixturesError('NO_HANDSHAKE', { milliseconds: timeout, url, seen: this.#seen }));
    });
    this.#waiting.push(waiter);
    try {
      return await promise;
    } finally {
      cancel();
    }
  }

  /** No handshake will come: those that wait for one get an error. */
  end(error: () => MtlsFixturesError): void {
    for (const waiter of this.#waiting.splice(0)) waiter.reject(error());
  }
}

interface Waiter {
  resolve(handshake: Handshake): void;
  reject(error: MtlsFixturesError): void;
}
