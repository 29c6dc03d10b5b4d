import { createHandshake, type Handshake } from './handshake.ts';
import type { Ends } from './end-report.ts';

/** A handshake that has been judged, and becomes a `Handshake` when it is first read: most connections of a server are never looked at. */
export class LazyHandshake {
  readonly #ends: Ends;
  #handshake: Handshake | undefined;

  constructor(ends: Ends) {
    this.#ends = ends;
  }

  /** The same value each time. */
  get handshake(): Handshake {
    return (this.#handshake ??= createHandshake(this.#ends));
  }
}

/** A handshake as it is recorded. */
export type Recorded = Pick<LazyHandshake, 'handshake'>;
