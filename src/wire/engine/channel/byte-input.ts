import type { Duplex } from 'node:stream';
import { after } from '../../../clock/real-clock.ts';

/** Why a stream gives no more bytes: it ended, it failed, or nothing came in time. */
export type InputEnd = 'closed' | 'reset' | 'silent';

/** The bytes of a stream, asked for one chunk at a time. The stream is paused while many wait. */
export class ByteInput {
  readonly #stream: Duplex;
  readonly #chunks: Buffer[] = [];
  #waiting = 0;
  #end: 'closed' | 'reset' | undefined;
  #wake: (() => void) | undefined;
  #isDiscarding = false;

  constructor(stream: Duplex) {
    this.#stream = stream;
    stream.on('data', (chunk: Buffer) => this.#take(chunk));
    stream.once('end', () => this.#ended('closed'));
    stream.once('close', () => this.#ended('closed'));
    stream.on('error', () => this.#ended('reset')); // also after the end: such an error would end the process
    if (stream.readableEnded || stream.destroyed) this.#ended('closed');
  }

  /** The next chunk, or why there is none; waits this many milliseconds at most. */
  async next(milliseconds: number): Promise<Buffer | InputEnd> {
    if (this.#chunks.length === 0 && !this.#end) await this.#arrival(milliseconds);
    const chunk = this.#chunks.shift();
    if (!chunk) return this.#end ?? 'silent';
    this.#waiting -= chunk.length;
    if (this.#waiting < mostWaiting && this.#stream.isPaused()) this.#stream.resume();
    return chunk;
  }

  /** Reads on and keeps nothing, so that what was written last arrives: closing a socket with unread bytes resets the connection. */
  discard(): void {
    this.#isDiscarding = true;
    this.#chunks.length = 0;
    this.#stream.resume();
  }

  #take(chunk: Buffer): void {
    if (this.#isDiscarding) return;
    this.#chunks.push(chunk);
    this.#waiting += chunk.length;
    if (this.#waiting >= mostWaiting) this.#stream.pause();
    this.#wake?.();
  }

  #ended(how: 'closed' | 'reset'): void {
    this.#end ??= how;
    this.#wake?.();
  }

  async #arrival(milliseconds: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const cancel = after(Math.max(milliseconds, 0), resolve);
      this.#wake = () => {
        cancel();
        resolve();
      };
    });
    this.#wake = undefined;
  }
}

const mostWaiting = 2 ** 18;
