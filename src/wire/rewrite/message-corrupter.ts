import type { Side } from '../tap/capture.ts';
import { HandshakeOpener } from '../records/handshake-opener.ts';
import { sealRecord } from '../records/protected-record.ts';
import { recordHeaderLength, RecordSplitter } from '../records/record-splitter.ts';
import type { TlsRecord } from '../records/tls-record.ts';
import { tls12Protection } from '../records/tls12-protection.ts';
import { openTls12Record, resealTls12Record } from '../records/tls12-record.ts';
import type { TrafficSecrets } from '../records/traffic-secrets.ts';
import { contentType } from '../registry/content-types.ts';
import { handshakeType } from '../registry/handshake-types.ts';

/** The message whose last octet is changed: the end of a MAC, or of a signature. */
export type CorruptedMessage = 'finished' | 'signature';

/** Which message to corrupt on the wire, and what that takes. */
export interface CorrupterOptions {
  readonly sentBy: Side;
  readonly message: CorruptedMessage;
  /** Filled from the key log as its lines come. */
  readonly secrets: TrafficSecrets;
  /** The records of the connection so far, of both sides. */
  readonly records: () => readonly TlsRecord[];
}

/**
 * Changes the last octet of one handshake message on its way, and nothing else: Finished, or the message that proves possession of the
 * key, which is CertificateVerify (ServerKeyExchange where a TLS 1.2 server sends it). What is encrypted is opened and sealed again with
 * the secrets of the key log, so that the peer finds a wrong MAC or signature and not a broken record (RFC 8446 4.4.3, 4.4.4; RFC 5246 7.4.3,
 * 7.4.8, 7.4.9). Parts of records wait for their rest.
 */
export class MessageCorrupter {
  readonly #options: CorrupterOptions;
  readonly #splitter = new RecordSplitter();
  readonly #messages: MessageWalk;
  readonly #opener: HandshakeOpener;
  #isEncrypted = false;
  #isOver = false;

  constructor(options: CorrupterOptions) {
    this.#options = options;
    this.#opener = new HandshakeOpener(options.sentBy, options.secrets);
    this.#messages = new MessageWalk(
      options.message === 'finished' ? [handshakeType.finished] : [handshakeType.server_key_exchange, handshakeType.certificate_verify],
    );
  }

  /** Whether the message came by and was changed. */
  get hasCorrupted(): boolean {
    return this.#messages.found;
  }

  rewrite(chunk: Uint8Array): Buffer {
    if (this.#isOver) return Buffer.from(chunk);
    const out = this.#splitter.push(chunk).map((record) => (this.#isOver ? record : this.#record(record)));
    this.#isOver ||= this.hasCorrupted;
    return Buffer.concat(this.#isOver ? [...out, this.#splitter.pending] : out);
  }

  #record(record: Buffer): Buffer {
    const [type] = record;
    if (type === contentType.change_cipher_spec) this.#isEncrypted = true;
    if (type === contentType.application_data) return this.#tls13(record);
    if (type !== contentType.handshake) return record;
    return (this.#isEncrypted ? this.#tls12Finished(record) : undefined) ?? this.#plaintext(record);
  }

  /** After a HelloRetryRequest the hellos go on in the clear behind a change_cipher_spec, so what cannot be opened is read as it is. */
  #plaintext(record: Buffer): Buffer {
    const copy = Buffer.from(record);
    this.#messages.corrupt(copy.subarray(recordHeaderLength));
    return copy;
  }

  #tls12Finished(record: Buffer): Buffer | undefined {
    const { sentBy, records, secrets } = this.#options;
    const protection = tls12Protection(sentBy, records(), secrets);
    const fragment = record.subarray(recordHeaderLength);
    const facts = { type: contentType.handshake, version: record.subarray(1, 3), sequence: 0 }; // it is the first under its keys (RFC 5246 7.4.9)
    const content = protection && openTls12Record(fragment, protection, facts);
    if (!content) return undefined;
    this.#messages.corrupt(content);
    this.#isOver = true;
    return Buffer.concat([record.subarray(0, recordHeaderLength), resealTls12Record(fragment, content, protection, facts)]);
  }

  #tls13(record: Buffer): Buffer {
    const opened = this.#opener.open(record.subarray(recordHeaderLength));
    if (!opened) {
      this.#isOver = true; // application data, or a secret that is not known
      return record;
    }
    const content = Buffer.from(opened.content);
    if (opened.type !== contentType.handshake || !this.#messages.corrupt(content)) return record;
    return sealRecord(content, opened.type, opened.protection);
  }
}

/** Follows the handshake messages of one side through the records' contents. */
class MessageWalk {
  readonly #wanted: readonly number[];
  #header: number[] = [];
  #type = 0;
  #left = 0;
  #found = false;

  constructor(wanted: readonly number[]) {
    this.#wanted = wanted;
  }

  get found(): boolean {
    return this.#found;
  }

  /** Changes the last octet of the first wanted message in place, if it is in this content; says whether it was. */
  corrupt(content: Buffer): boolean {
    let changed = false;
    for (const [at, octet] of content.entries()) {
      if (this.#left === 0) {
        this.#readHeader(octet);
        continue;
      }
      this.#left -= 1;
      if (this.#left > 0 || this.#found || !this.#wanted.includes(this.#type)) continue;
      content[at] = octet ^ 1;
      this.#found = true;
      changed = true;
    }
    return changed;
  }

  #readHeader(octet: number): void {
    this.#header.push(octet);
    const [type, high, middle, low] = this.#header;
    if (type === undefined || high === undefined || middle === undefined || low === undefined) return;
    this.#type = type;
    this.#left = (high << 16) | (middle << 8) | low;
    this.#header = [];
  }
}
