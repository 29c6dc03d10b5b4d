/**
 * Reads big-endian fields and length-prefixed vectors (RFC 8446 3.4) from untrusted bytes.
 * Past the end it gives zeros and empty vectors and sets `truncated`, so that parsers need no exceptions.
 */
export class ByteCursor {
  readonly #bytes: Uint8Array;
  #offset = 0;
  #truncated = false;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get truncated(): boolean {
    return this.#truncated;
  }

  get remaining(): number {
    return this.#bytes.length - this.#offset;
  }

  /** An unsigned integer of this many octets (at most 4). */
  uint(octets: 1 | 2 | 3 | 4): number {
    let value = 0;
    for (const byte of this.take(octets)) value = value * 256 + byte;
    return value;
  }

  /** The next octets; none when there are fewer left. */
  take(length: number): Uint8Array {
    if (length > this.remaining) {
      this.#truncated = true;
      this.#offset = this.#bytes.length;
      return new Uint8Array(0);
    }
    const taken = this.#bytes.subarray(this.#offset, this.#offset + length);
    this.#offset += length;
    return taken;
  }

  /** A vector with its length in front. */
  vector(lengthOctets: 1 | 2 | 3): ByteCursor {
    return new ByteCursor(this.take(this.uint(lengthOctets)));
  }

  /** The rest, as 16-bit integers. */
  uint16List(): number[] {
    const list: number[] = [];
    while (this.remaining >= 2) list.push(this.uint(2));
    return list;
  }
}
