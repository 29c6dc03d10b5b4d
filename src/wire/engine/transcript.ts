import { createHash, type Hash } from 'node:crypto';
import { handshakeType } from '../registry/handshake-types.ts';
import { encodeHandshakeMessage } from '../tls-encoding.ts';

/** The handshake messages that both sides have sent (RFC 8446 4.4.1), as one side has them. */
export class Transcript {
  #messages: Buffer[];
  #hash: { readonly algorithm: string; readonly running: Hash } | undefined;
  #hashed = 0;

  constructor(messages: readonly Buffer[] = []) {
    this.#messages = [...messages];
  }

  add(message: Buffer): void {
    this.#messages.push(message);
  }

  /** All of them, headers included. */
  octets(): Buffer {
    return Buffer.concat(this.#messages);
  }

  /** The hash of all so far. */
  hash(algorithm: string): Buffer {
    if (this.#hash?.algorithm !== algorithm) {
      this.#hash = { algorithm, running: createHash(algorithm) };
      this.#hashed = 0;
    }
    const { running } = this.#hash;
    for (const message of this.#messages.slice(this.#hashed)) running.update(message);
    this.#hashed = this.#messages.length;
    return running.copy().digest();
  }

  /** The hashes of the transcript as it was after each message, and before the first. */
  prefixHashes(algorithm: string): Buffer[] {
    return [0, ...this.#messages.keys()].map((_, count) => new Transcript(this.#messages.slice(0, count)).hash(algorithm));
  }

  /** After a HelloRetryRequest the first ClientHello counts by its hash alone (RFC 8446 4.4.1). To be called before the request is added. */
  replaceByHash(algorithm: string): void {
    this.#messages = [encodeHandshakeMessage(handshakeType.message_hash, this.hash(algorithm))];
    this.#hash = undefined;
  }

  /** Another transcript that goes on from here. */
  copy(): Transcript {
    return new Transcript(this.#messages);
  }
}
