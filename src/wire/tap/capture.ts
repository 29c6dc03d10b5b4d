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
 * kept, three quarters of them of one side, so that data of one never hides the answer of the other; and a kilobyte of secrets.
 */
export class Capture {
  /** When the connection was seen: milliseconds since the epoch. */
  readonly startedAt: number;
  readonly secrets: TrafficSecrets;
  readonly #startedAt: number;
  #room = captureLimit;
  readonly #roomOf = { client: limitOfSide, server: limitOfSide };
  #passed: CapturedChunk[] = [];
  /**
   * What passed, moved into one piece of memory: a hundred small ones would cost every connection that stays open, and each object that is remembered is one for the garbage
   * collector to visit. `marks` has two numbers for each chunk: its length, negative where the server sent it, and its time.
   */
  #kept: { readonly bytes: Buffer; readonly marks: readonly number[] } | undefined;

  /** `before`: the capture that this one goes on from, before it is stopped: what renegotiates can only be read with all that came before. */
  constructor(before?: Capture) {
    this.startedAt = before?.startedAt ?? realNow();
    before?.secrets.compact();
    this.secrets = new TrafficSecrets(before?.secrets);
    this.#startedAt = before ? before.#startedAt : monotonicNow();
    if (!before) return;
    this.#room = before.#room;
    this.#roomOf = { ...before.#roomOf };
    this.#passed = [...before.#passed];
  }

  /** What passed, in order. */
  get chunks(): readonly CapturedChunk[] {
    if (!this.#kept) return this.#passed;
    const { bytes, marks } = this.#kept;
    const chunks: CapturedChunk[] = [];
    for (let at = 0, offset = 0; at < marks.length; at += 2) {
      const [signed = 0, atMs = 0] = [marks[at], marks[at + 1]];
      const end = offset + Math.abs(signed);
      chunks.push({ sentBy: signed < 0 ? 'server' : 'client', atMs, bytes: bytes.subarray(offset, end) });
      offset = end;
    }
    return chunks;
  }

  /** Whether something may be missing: of one side no more is kept. */
  get isFull(): boolean {
    return this.isFullOf('client') || this.isFullOf('server');
  }

  /** Whether of what this side sends no more is kept. */
  isFullOf(side: Side): boolean {
    return this.#roomFor(side) <= 0;
  }

  add(sentBy: Side, bytes: Uint8Array): void {
    const room = this.#roomFor(sentBy);
    if (room <= 0 || bytes.length === 0) return;
    const kept = bytes.length <= room ? bytes : bytes.subarray(0, room);
    this.#room -= kept.length;
    this.#roomOf[sentBy] -= kept.length;
    this.#passed.push({ sentBy, atMs: this.elapsed(), bytes: kept });
  }

  #roomFor(side: Side): number {
    return Math.min(this.#room, this.#roomOf[side]);
  }

  /** Milliseconds since the connection was seen. */
  elapsed(): number {
    return monotonicNow() - this.#startedAt;
  }

  /** Keeps nothing from here on: the handshake has been judged. */
  stop(): void {
    if (this.#kept) return;
    this.#room = 0;
    const marks: number[] = [];
    for (const { sentBy, atMs, bytes } of this.#passed) marks.push(sentBy === 'server' ? -bytes.length : bytes.length, atMs);
    this.#kept = { bytes: Buffer.concat(this.#passed.map(({ bytes }) => bytes)), marks };
    this.#passed = [];
    this.secrets.compact();
  }
}

/** Octets kept of one connection: four times the largest handshake that OpenSSL's defaults allow (a 100 kB chain), so a normal one is always whole. */
export const captureLimit = 400_000;
const limitOfSide = 300_000;
