import type { Side } from '../tap/capture.ts';
import { messageType } from '../handshake-messages.ts';
import { PendingBytes } from '../records/pending-bytes.ts';
import { openRecord, type Protection, sealRecord } from '../records/protected-record.ts';
import { recordHeaderLength as headerLength, RecordSplitter } from '../records/record-splitter.ts';
import type { TrafficSecrets } from '../records/traffic-secrets.ts';

/**
 * Puts other certificates into the Certificate message of one side, on the wire: credentials that no TLS library agrees to present (a key
 * that does not match, bytes that are no DER). TLS 1.2 sends the message in the clear; in TLS 1.3 it is opened and sealed again with that
 * side's handshake traffic secret (RFC 8446 4.4.2, 5.2). The transcripts differ from there on, so such a handshake can only fail.
 * `certificates` are sent as they are, the leaf first; the secrets are filled from the key log as they come. Parts of records wait for their rest.
 */
export function certificateRewriter(
  sentBy: Side,
  certificates: readonly Uint8Array[],
  secrets: TrafficSecrets,
): (chunk: Uint8Array) => Buffer {
  const rewriter = new CertificateRewriter(sentBy, certificates, secrets);
  return (chunk) => rewriter.rewrite(chunk);
}

class CertificateRewriter {
  readonly #sentBy: Side;
  readonly #certificates: readonly Uint8Array[];
  readonly #secrets: TrafficSecrets;
  readonly #splitter = new RecordSplitter();
  readonly #pendingMessage = new PendingBytes();
  #protection: Protection | undefined;
  #opened = 0;
  #sealed = 0;
  #done = false;

  constructor(sentBy: Side, certificates: readonly Uint8Array[], secrets: TrafficSecrets) {
    this.#sentBy = sentBy;
    this.#certificates = certificates;
    this.#secrets = secrets;
  }

  rewrite(chunk: Uint8Array): Buffer {
    if (this.#done) return Buffer.from(chunk);
    const out = this.#splitter.push(chunk).flatMap((record) => (this.#done ? [record] : this.#record(record)));
    return Buffer.concat(this.#done ? [...out, this.#splitter.pending] : out);
  }

  #record(record: Buffer): Buffer[] {
    const type = record[0];
    const fragment = record.subarray(headerLength);
    if (type === recordType.handshake && !this.#looksEncrypted(fragment))
      return this.#messages(fragment, (message) => framed(message, record));
    if (type === recordType.applicationData) return this.#protectedRecord(record, fragment);
    if (type === recordType.handshake) this.#done = true; // TLS 1.2's encrypted Finished
    return [record];
  }

  #protectedRecord(record: Buffer, fragment: Buffer): Buffer[] {
    const opened = this.#open(fragment);
    if (!opened) {
      this.#done = true;
      return [record];
    }
    this.#opened += 1;
    if (opened.type !== recordType.handshake) return [this.#seal(opened.content, opened.type)];
    return this.#messages(opened.content, (message) => this.#seal(message, recordType.handshake));
  }

  /** Whole messages, each in records of its own; the rest of one that goes on in the next record waits. */
  #messages(fragment: Uint8Array, wrap: (message: Buffer) => Buffer): Buffer[] {
    const out: Buffer[] = [];
    let rest = this.#pendingMessage.push(fragment);
    if (!rest) return out;
    for (let end = endOfMessage(rest); end <= rest.length; end = endOfMessage(rest)) {
      const message = rest.subarray(0, end);
      const sent = certificateTypes.has(message[0] ?? 0) ? this.#certificateMessage(message) : message;
      for (let at = 0; at < sent.length; at += largestFragment) out.push(wrap(sent.subarray(at, at + largestFragment)));
      if (message[0] === finished) this.#done = true;
      rest = rest.subarray(end);
    }
    this.#pendingMessage.keep(rest, endOfMessage(rest));
    return out;
  }

  #certificateMessage(original: Buffer): Buffer {
    const tls13 = this.#protection !== undefined;
    const context = tls13 ? contextOf(original) : Buffer.alloc(0);
    const entries = this.#certificates.flatMap((certificate) => [uint24(certificate.length), certificate, Buffer.alloc(tls13 ? 2 : 0)]);
    const list = Buffer.concat(entries);
    const body = Buffer.concat([context, uint24(list.length), list]);
    return Buffer.concat([Uint8Array.of(messageType.certificate), uint24(body.length), body]);
  }

  /** A message in the clear begins with its type and a length that fits; nothing is encrypted before this side's change_cipher_spec in TLS 1.2. */
  #looksEncrypted(fragment: Buffer): boolean {
    if (this.#pendingMessage.length > 0) return false;
    const known = plaintextTypes.has(fragment[0] ?? -1);
    return !known || fragment.length < 4 || fragment.readUIntBE(1, 3) > largestMessage;
  }

  #open(fragment: Buffer): { content: Uint8Array; type: number } | undefined {
    const secret = this.#secrets.get(`${this.#sentBy.toUpperCase()}_HANDSHAKE_TRAFFIC_SECRET`);
    if (!secret) return undefined;
    const ciphers = this.#protection ? [this.#protection.cipher] : candidates;
    for (const cipher of ciphers) {
      if ((cipher === sha384Suite) !== (secret.length === 48)) continue;
      const opened = openRecord(fragment, { cipher, secret, sequence: this.#opened });
      if (!opened) continue;
      this.#protection = { cipher, secret, sequence: 0 };
      return opened;
    }
    return undefined;
  }

  #seal(content: Uint8Array, type: number): Buffer {
    if (!this.#protection) throw new RangeError('nothing has been opened yet'); // only called for a record that was
    const sealed = sealRecord(content, type, { ...this.#protection, sequence: this.#sealed });
    this.#sealed += 1;
    return sealed;
  }
}

/** The context of a Certificate with its length in front: empty within a handshake (RFC 8446 4.4.2), where a compressed one hides it. */
function contextOf(message: Buffer): Buffer {
  return message[0] === messageType.certificate ? message.subarray(4, 5 + (message[4] ?? 0)) : Buffer.alloc(1);
}

/** Octets of a handshake message, by its header; those of a header where it is not whole. */
function endOfMessage(bytes: Buffer): number {
  return bytes.length < 4 ? 4 : 4 + bytes.readUIntBE(1, 3);
}

function framed(message: Buffer, like: Buffer): Buffer {
  const header = Buffer.from(like.subarray(0, headerLength));
  header.writeUInt16BE(message.length, 3);
  return Buffer.concat([header, message]);
}

function uint24(value: number): Buffer {
  const bytes = Buffer.alloc(3);
  bytes.writeUIntBE(value, 0, 3);
  return bytes;
}

const recordType = { handshake: 22, applicationData: 23 } as const;
const largestFragment = 2 ** 14;
/** OpenSSL's own messages in the clear are far below. */
const largestMessage = 2 ** 18;
const finished = 20;
const certificateTypes: ReadonlySet<number> = new Set([messageType.certificate, messageType.compressedCertificate]);
/** Hellos, NewSessionTicket, Certificate, ServerKeyExchange, CertificateRequest, ServerHelloDone, CertificateVerify, ClientKeyExchange, CertificateStatus. */
const plaintextTypes: ReadonlySet<number> = new Set([1, 2, 4, 11, 12, 13, 14, 15, 16, 22]);
const sha384Suite = 'TLS_AES_256_GCM_SHA384';
const candidates: readonly string[] = [sha384Suite, 'TLS_AES_128_GCM_SHA256', 'TLS_CHACHA20_POLY1305_SHA256'];
