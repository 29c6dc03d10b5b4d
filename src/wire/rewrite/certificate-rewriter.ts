import type { Side } from '../tap/capture.ts';
import { PendingBytes } from '../records/pending-bytes.ts';
import { HandshakeOpener } from '../records/handshake-opener.ts';
import { type Protection, sealRecord } from '../records/protected-record.ts';
import { recordHeaderLength as headerLength, RecordSplitter } from '../records/record-splitter.ts';
import type { TrafficSecrets } from '../records/traffic-secrets.ts';
import { contentType } from '../registry/content-types.ts';
import { handshakeType } from '../registry/handshake-types.ts';
import { encodeHandshakeMessage, encodeUint, encodeVector } from '../tls-encoding.ts';

/**
 * Puts other certificates into the Certificate message of one side, on the wire: credentials that no TLS library agrees to present (a key
 * that does not match, bytes that are not DER). TLS 1.2 sends the message in the clear; in TLS 1.3 it is opened and sealed again with that
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
  readonly #certificates: readonly Uint8Array[];
  readonly #opener: HandshakeOpener;
  readonly #splitter = new RecordSplitter();
  readonly #pendingMessage = new PendingBytes();
  #sealed = 0;
  #done = false;

  constructor(sentBy: Side, certificates: readonly Uint8Array[], secrets: TrafficSecrets) {
    this.#certificates = certificates;
    this.#opener = new HandshakeOpener(sentBy, secrets);
  }

  rewrite(chunk: Uint8Array): Buffer {
    if (this.#done) return Buffer.from(chunk);
    const out = this.#splitter.push(chunk).flatMap((record) => (this.#done ? [record] : this.#record(record)));
    return Buffer.concat(this.#done ? [...out, this.#splitter.pending] : out);
  }

  #record(record: Buffer): Buffer[] {
    const type = record[0];
    const fragment = record.subarray(headerLength);
    if (type === contentType.handshake && !this.#looksEncrypted(fragment))
      return this.#messages(fragment, (message) => framed(message, record));
    if (type === contentType.application_data) return this.#protectedRecord(record, fragment);
    if (type === contentType.handshake) this.#done = true; // TLS 1.2's encrypted Finished
    return [record];
  }

  #protectedRecord(record: Buffer, fragment: Buffer): Buffer[] {
    const opened = this.#opener.open(fragment);
    if (!opened) {
      this.#done = true;
      return [record];
    }
    const { content, type, protection } = opened;
    if (type !== contentType.handshake) return [this.#seal(content, type, protection)];
    return this.#messages(content, (message) => this.#seal(message, contentType.handshake, protection));
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
      if (message[0] === handshakeType.finished) this.#done = true;
      rest = rest.subarray(end);
    }
    this.#pendingMessage.keep(rest, endOfMessage(rest));
    return out;
  }

  #certificateMessage(original: Buffer): Buffer {
    const tls13 = this.#opener.hasOpened;
    const context = tls13 ? contextOf(original) : Buffer.alloc(0);
    const entries = this.#certificates.flatMap((certificate) => [
      encodeUint(3, certificate.length),
      certificate,
      Buffer.alloc(tls13 ? 2 : 0),
    ]);
    const list = Buffer.concat(entries);
    return encodeHandshakeMessage(handshakeType.certificate, context, encodeVector(3, list));
  }

  /** A message in the clear begins with its type and a length that fits; nothing is encrypted before this side's change_cipher_spec in TLS 1.2. */
  #looksEncrypted(fragment: Buffer): boolean {
    if (this.#pendingMessage.length > 0) return false;
    const known = plaintextTypes.has(fragment[0] ?? -1);
    return !known || fragment.length < 4 || fragment.readUIntBE(1, 3) > largestMessage;
  }

  /** Under its own count: what was rewritten may take more records, or fewer. */
  #seal(content: Uint8Array, type: number, protection: Protection): Buffer {
    const sealed = sealRecord(content, type, { ...protection, sequence: this.#sealed });
    this.#sealed += 1;
    return sealed;
  }
}

/** The context of a Certificate with its length in front: empty within a handshake (RFC 8446 4.4.2), where a compressed one hides it. */
function contextOf(message: Buffer): Buffer {
  return message[0] === handshakeType.certificate ? message.subarray(4, 5 + (message[4] ?? 0)) : Buffer.alloc(1);
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

const largestFragment = 2 ** 14;
/** OpenSSL's own messages in the clear are far below. */
const largestMessage = 2 ** 18;
const certificateTypes: ReadonlySet<number> = new Set([handshakeType.certificate, handshakeType.compressed_certificate]);
/** What travels in the clear in TLS 1.2, and before the keys of TLS 1.3. */
const plaintextTypes: ReadonlySet<number> = new Set([
  handshakeType.client_hello,
  handshakeType.server_hello,
  handshakeType.new_session_ticket,
  handshakeType.certificate,
  handshakeType.server_key_exchange,
  handshakeType.certificate_request,
  handshakeType.server_hello_done,
  handshakeType.certificate_verify,
  handshakeType.client_key_exchange,
  handshakeType.certificate_status,
]);
