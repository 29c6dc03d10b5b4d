/**
 * Bytes that wait for the rest of what they begin. They are put together only when there are as many as needed, so that each is copied a
 * bounded number of times, into however many pieces a peer cuts them.
 */
export class PendingBytes {
  #pieces: Uint8Array[] = [];
  #length = 0;
  #needed = 1;

  get length(): number {
    return this.#length;
  }

  /** All that waits. */
  get all(): Buffer {
    const [only] = this.#pieces;
    const joined = this.#pieces.length === 1 && only ? Buffer.from(only.buffer, only.byteOffset, only.length) : Buffer.concat(this.#pieces);
    this.#pieces = [joined];
    return joined;
  }

  /** Adds bytes: all that waits, where that is enough now. */
  push(bytes: Uint8Array): Buffer | undefined {
    this.#pieces.push(bytes);
    this.#length += bytes.length;
    return this.#length >= this.#needed ? this.all : undefined;
  }

  /** The rest waits until there are `needed` octets. */
  keep(rest: Uint8Array, needed: number): void {
    this.#pieces = rest.length === 0 ? [] : [rest];
    this.#length = rest.length;
    this.#needed = needed;
  }
}
