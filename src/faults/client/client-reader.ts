import { parseClientOffer, type ClientOffer } from '../../wire/hello/client-offer.ts';
import { contentType } from '../../wire/registry/content-types.ts';
import { handshakeType } from '../../wire/registry/handshake-types.ts';
import { recordHeaderLength, RecordSplitter } from '../../wire/records/record-splitter.ts';
import { looksLikeTls } from '../../wire/records/tls-record.ts';

/** What a client may send, as far as it can be read without keys. */
export interface ClientListener {
  /** Once, at a whole ClientHello. */
  readonly onClientHello: (offer: ClientOffer) => void;
  /** At each alert in the clear. */
  readonly onAlert: (code: number) => void;
  /** At everything that comes from a client whose first octets are not TLS, with all that it sent so far. */
  readonly onPlaintext: (received: Buffer) => void;
}

/** Reads what one client sends, in the clear. */
export class ClientReader {
  readonly #listener: ClientListener;
  readonly #splitter = new RecordSplitter();
  #handshake: Buffer = Buffer.alloc(0);
  #plaintext: Buffer | undefined;
  #isFirst = true;
  #isGreeted = false;

  constructor(listener: ClientListener) {
    this.#listener = listener;
  }

  read(chunk: Buffer): void {
    if (this.#isFirst && !looksLikeTls(chunk)) this.#plaintext = Buffer.alloc(0);
    this.#isFirst = false;
    if (this.#plaintext) {
      this.#plaintext = Buffer.concat([this.#plaintext, chunk]).subarray(0, plaintextLimit);
      this.#listener.onPlaintext(this.#plaintext);
      return;
    }
    for (const record of this.#splitter.push(chunk)) this.#record(record[0], record.subarray(recordHeaderLength));
  }

  #record(type: number | undefined, fragment: Buffer): void {
    if (type === contentType.alert && fragment.length === 2) this.#listener.onAlert(fragment[1] ?? 0);
    if (type !== contentType.handshake || this.#isGreeted) return;
    this.#handshake = Buffer.concat([this.#handshake, fragment]);
    if (this.#handshake.length < 4 || this.#handshake.length < 4 + this.#handshake.readUIntBE(1, 3)) return;
    this.#isGreeted = true;
    if (this.#handshake[0] !== handshakeType.client_hello) return;
    const offer = parseClientOffer(this.#handshake.subarray(4));
    if (offer) this.#listener.onClientHello(offer);
  }
}

/** Octets of a plaintext client that are kept, far above the head of a request. */
const plaintextLimit = 2 ** 16;
