import { ByteCursor } from '../byte-cursor.ts';
import type { HandshakeMessage } from '../handshake-messages.ts';

/** Puts the handshake messages of one side together across records (RFC 8446 5.1); every octet is copied a bounded number of times. */
export class MessageAssembler {
  #pieces: Uint8Array[] = [];
  #length = 0;
  #needed = headerLength;

  /** Octets of a message that is not whole yet. */
  get pending(): number {
    return this.#length;
  }

  /** The messages that are whole with these octets. */
  push(fragment: Uint8Array): HandshakeMessage[] {
    const messages: HandshakeMessage[] = [];
    this.#pieces.push(fragment);
    this.#length += fragment.length;
    while (this.#length >= this.#needed) {
      const bytes = this.#joined();
      const end = headerLength + new ByteCursor(bytes.subarray(1)).uint(3);
      if (end > this.#length) {
        this.#needed = end;
        break;
      }
      messages.push({ type: bytes[0] ?? 0, body: bytes.subarray(headerLength, end) });
      this.#keep(bytes.subarray(end));
    }
    return messages;
  }

  /** Drops a message that will never be whole: its type, where that much of it came, and how much there was. */
  drop(): { readonly type: number | undefined; readonly length: number } {
    const dropped = { type: this.#pieces.find(({ length }) => length > 0)?.[0], length: this.#length };
    this.#keep(new Uint8Array(0));
    return dropped;
  }

  #joined(): Uint8Array {
    const [only] = this.#pieces;
    if (this.#pieces.length === 1 && only) return only;
    const joined = Buffer.concat(this.#pieces);
    this.#pieces = [joined];
    return joined;
  }

  #keep(rest: Uint8Array): void {
    this.#pieces = rest.length === 0 ? [] : [rest];
    this.#length = rest.length;
    this.#needed = headerLength;
  }
}

const headerLength = 4;
