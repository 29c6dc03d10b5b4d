import { monotonicNow, realNow } from '../../clock/real-clock.ts';
import { TrafficSecrets } from '../records/traffic-secrets.ts';

/** Which end of the connection sent something. */
export type Side = 'client' | 'server';

/** Bytes as they passed the tap. */
export interface CapturedChunk {
  readonly sentBy: Side;
  /** Milliseconds since the tap saw the connection. */
  readonly atMs: number;
  readonly bytes: Uint8Array;
}

/**
 * The bytes of one connection's handshake, in the order in which they passed, and the secrets to read them with; at most {@link captureLimit} octets are
 * kept, and a kilobyte of secrets.
 */
export class Capture {
  /** When the connection was seen: milliseconds since the epoch. */
  readonly startedAt: number;
  readonly secrets: TrafficSecrets;
  readonly #startedAt: number;
  #room = captureLimit;
  #passed: CapturedChunk[] = [];
  /** What passed, moved into one piece of memory: a hundred small ones would cost every connection that stays open. */
  #kept:
    | { readonly bytes: Buffer; readonly pieces: readonly { readonly sentBy: Side; readonly atMs: number; readonly length: number }[] }
    | undefined;

  /** `before`: the capture that this one goes on from, before it is stopped: what renegotiates can only be read with all that came before. */
  constructor(before?: Capture) {
    this.startedAt = before?.startedAt ?? realNow();
    this.secrets = new TrafficSecrets(before?.secrets);
    this.#startedAt = before ? before.#startedAt : monotonicNow();
    if (!before) return;
    this.#room = before.#room;
    this.#passed = [...before.#passed];
  }

  /** What passed, in order. */
  get chunks(): readonly CapturedChunk[] {
    if (!this.#kept) return this.#passed;
    const { bytes, pieces } = this.#kept;
    let offset = 0;
    return pieces.map(({ sentBy, atMs, length }) => ({ sentBy, atMs, bytes: bytes.subarray(offset, (offset += length)) }));
  }

  add(sentBy: Side, bytes: Uint8Array): void {
    if (this.#room <= 0) return;
    const kept = bytes.length <= this.#room ? bytes : bytes.subarray(0, this.#room);
    this.#room -= kept.length;
    this.#passed.push({ sentBy, atMs: this.elapsed(), bytes: kept });
  }

  /** Milliseconds since the connection was seen. */
  elapsed(): number {
    return monotonicNow() - this.#startedAt;
  }

  /** Keeps nothing from here on: the handshake has been judged. */
  stop(): void {
    if (this.#kept) return;
    this.#room = 0;
    this.#kept = {
      bytes: Buffer.concat(this.#passed.map(({ bytes }) => bytes)),
      pieces: this.#passed.map(({ sentBy, atMs, bytes }) => ({ sentBy, atMs, length: bytes.length })),
    };
    this.#passed = [];
    this.secrets.compact();
  }
}

/** Octets kept of one connection: four times the largest handshake that OpenSSL's defaults allow (a 100 kB chain), so a normal one is always whole. */
export const captureLimit = 400_000;
