import type { Side } from '../tap/capture.ts';
import { openRecord, type Protection, sealRecord } from '../records/protected-record.ts';
import { recordHeaderLength, RecordSplitter } from '../records/record-splitter.ts';
import { openFirstRecord, resealFirstRecord, tls12Protection } from '../records/tls12-protection.ts';
import type { TlsRecord } from '../records/tls-record.ts';
import type { TrafficSecrets } from '../records/traffic-secrets.ts';

/** The message whose last octet is changed: the end of a MAC, or of a signature. */
export type SpoiltMessage = 'finished' | 'signature';

/** Which message to spoil on the wire, and how to get at it. */
export interface SpoilerOptions {
  readonly sentBy: Side;
  readonly message: SpoiltMessage;
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
export class HandshakeSpoiler {
  readonly #options: SpoilerOptions;
  readonly #splitter = new RecordSplitter();
  readonly #messages: MessageWalk;
  #sequence = 0;
  #isEncrypted = false;
  #isOver = false;

  constructor(options: SpoilerOptions) {
    this.#options = options;
    this.#messages = new MessageWalk(options.message === 'finished' ? [finished] : [serverKeyExchange, certificateVerify]);
  }

  /** Whether the message came by and was changed. */
  get hasSpoilt(): boolean {
    return this.#messages.found;
  }

  rewrite(chunk: Uint8Array): Buffer {
    if (this.#isOver) return Buffer.from(chunk);
    const out = this.#splitter.push(chunk).map((record) => (this.#isOver ? record : this.#record(record)));
    this.#isOver ||= this.hasSpoilt;
    return Buffer.concat(this.#isOver ? [...out, this.#splitter.pending] : out);
  }

  #record(record: Buffer): Buffer {
    const [type] = record;
    if (type === contentType.changeCipherSpec) this.#isEncrypted = true;
    if (type === contentType.applicationData) return this.#tls13(record);
    if (type !== contentType.handshake) return record;
    return (this.#isEncrypted ? this.#tls12Finished(record) : undefined) ?? this.#plaintext(record);
  }

  /** After a HelloRetryRequest the hellos go on in the clear behind a change_cipher_spec, so what cannot be opened is read as it is. */
  #plaintext(record: Buffer): Buffer {
    const copy = Buffer.from(record);
    this.#messages.spoil(copy.subarray(recordHeaderLength));
    return copy;
  }

  #tls12Finished(record: Buffer): Buffer | undefined {
    const { sentBy, records, secrets } = this.#options;
    const protection = tls12Protection(sentBy, records(), secrets);
    const content = protection && openFirstRecord(record, protection);
    if (!content) return undefined;
    this.#messages.spoil(content);
    this.#isOver = true;
    return resealFirstRecord(record, content, protection);
  }

  #tls13(record: Buffer): Buffer {
    const fragment = record.subarray(recordHeaderLength);
    const protection = this.#candidates().find((candidate) => openRecord(fragment, candidate));
    const opened = protection && openRecord(fragment, protection);
    if (!opened) {
      this.#isOver = true; // application data, or a secret that is not known
      return record;
    }
    this.#sequence += 1;
    const content = Buffer.from(opened.content);
    if (opened.type !== contentType.handshake || !this.#messages.spoil(content)) return record;
    return sealRecord(content, opened.type, protection);
  }

  #candidates(): Protection[] {
    const secret = this.#options.secrets.get(`${this.#options.sentBy.toUpperCase()}_HANDSHAKE_TRAFFIC_SECRET`);
    if (!secret) return [];
    const ciphers = secret.length === 48 ? ['TLS_AES_256_GCM_SHA384'] : ['TLS_AES_128_GCM_SHA256', 'TLS_CHACHA20_POLY1305_SHA256'];
    return ciphers.map((cipher) => ({ cipher, secret, sequence: this.#sequence }));
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
  spoil(content: Buffer): boolean {
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

const contentType = { changeCipherSpec: 20, handshake: 22, applicationData: 23 } as const;
const serverKeyExchange = 12;
const certificateVerify = 15;
const finished = 20;
