import type { EndReport } from './end-report.ts';
import { createHandshake, type Handshake } from './handshake.ts';

/** What the server's end of a followed connection came to, and where the finished record goes. */
export interface ServerEnd {
  readonly report: EndReport;
  record(handshake: Handshake): void;
}

/** Brings the server's report to the in-process client that made the connection, so that both ends become one record. */
export class Follower {
  /** The server's end, once it has been judged. */
  readonly server: Promise<ServerEnd>;
  readonly #detach: () => void;
  readonly #onClientCompleted: () => void;
  #resolve: (end: ServerEnd) => void = () => {};
  #unrecorded: ServerEnd | undefined;

  constructor(hooks: { readonly detach: () => void; readonly onClientCompleted: () => void }) {
    this.#detach = hooks.detach;
    this.#onClientCompleted = hooks.onClientCompleted;
    this.server = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  /** The client's end has accepted: the server need not wait for evidence of it. */
  clientCompleted(): void {
    this.#onClientCompleted();
  }

  /** Called by the observer. */
  serverReported(end: ServerEnd): void {
    this.#unrecorded = end;
    this.#resolve(end);
  }

  /** Records the handshake as both ends saw it. */
  record(ends: { readonly server: EndReport; readonly client: EndReport }): Handshake {
    const handshake = createHandshake(ends);
    this.#unrecorded?.record(handshake);
    this.#unrecorded = undefined;
    return handshake;
  }

  /** The client is done or gave up: what it did not record is recorded from the server's end alone. */
  stop(): void {
    this.#detach();
    this.#unrecorded?.record(createHandshake({ server: this.#unrecorded.report }));
    this.#unrecorded = undefined;
  }
}
