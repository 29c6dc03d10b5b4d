import { monotonicNow } from '../clock/real-clock.ts';

/** Which end of the connection sent something. */
export type Side = 'client' | 'server';

/** Bytes as they passed the tap. */
export interface CapturedChunk {
  readonly sentBy: Side;
  /** Milliseconds since the tap saw the connection. */
  readonly atMs: number;
  readonly bytes: Uint8Array;
}

/** The bytes of one connection's handshake, in the order in which they passed; at most {@link captureLimit} octets are kept. */
export class Capture {
  readonly chunks: CapturedChunk[] = [];
  readonly #startedAt = monotonicNow();
  #room = captureLimit;

  add(sentBy: Side, bytes: Uint8Array): void {
    if (this.#room <= 0) return;
    const kept = bytes.length <= this.#room ? bytes : bytes.subarray(0, this.#room);
    this.#room -= kept.length;
    this.chunks.push({ sentBy, atMs: monotonicNow() - this.#startedAt, bytes: kept });
  }

  /** Milliseconds since the connection was seen. */
  elapsed(): number {
    return monotonicNow() - this.#startedAt;
  }

  /** Keeps nothing from here on: the handshake has been judged. */
  stop(): void {
    this.#room = 0;
  }
}

/** Octets kept of one connection: four times the largest handshake that OpenSSL's defaults allow (a 100 kB chain), so a normal one is always whole. */
export const captureLimit = 400_000;
