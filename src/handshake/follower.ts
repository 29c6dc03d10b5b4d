import type { EndReport } from './end-report.ts';
import { createHandshake, type Handshake } from './handshake.ts';

/** Brings an in-process client's report and the server's together. */
export class Follower {
  readonly #onStop: () => void;
  readonly #onClientCompleted: () => void;
  #client: EndReport | undefined;
  #server: { readonly report: EndReport; readonly record: (handshake: Handshake) => void } | undefined;
  #resolve: ((handshake: Handshake) => void) | undefined;
  #stopped = false;

  constructor(onStop: () => void, onClientCompleted: () => void) {
    this.#onStop = onStop;
    this.#onClientCompleted = onClientCompleted;
  }

  /** The client has judged: resolves when the server has too. */
  judged(client: EndReport): Promise<Handshake> {
    this.#client = client;
    if (client.outcome.kind === 'completed') this.#onClientCompleted();
    return new Promise((resolve) => {
      this.#resolve = resolve;
      this.#join();
    });
  }

  serverReported(report: EndReport, record: (handshake: Handshake) => void): void {
    this.#server = { report, record };
    this.#join();
  }

  /** The client gave up: what the server reports is recorded alone. */
  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#onStop();
    if (this.#server && !this.#resolve) this.#server.record(createHandshake({ server: this.#server.report }));
  }

  #join(): void {
    if (!this.#client || !this.#server || !this.#resolve || this.#stopped) return;
    const handshake = createHandshake({ server: this.#server.report, client: this.#client });
    this.#server.record(handshake);
    this.#resolve(handshake);
  }
}
