import { type CipherGCMTypes, createDecipheriv } from 'node:crypto';
import { encodeUint } from '../tls-encoding.ts';
import type { TlsRecord } from '../records/tls-record.ts';
import type { Tls12Protection } from '../records/tls12-protection.ts';
import { contentType, type OpenedRecord, type RecordOpener, type SealedRecord } from './record-opener.ts';

/** Opens what one side of a TLS 1.2 connection sends after its change_cipher_spec (RFC 5246 6.2.3.3). */
export class Tls12Opener implements RecordOpener {
  readonly #protection: Tls12Protection;
  #sequence = 0;

  constructor(protection: Tls12Protection) {
    this.#protection = protection;
  }

  open(record: TlsRecord): OpenedRecord | SealedRecord {
    const type = record.type === 'not-tls' ? 0 : contentType[record.type];
    const sequence = this.#sequence;
    this.#sequence += 1; // a record that was spoiled on its way counts too
    const content = this.#content(record, type, sequence);
    return content ? { type, content } : { problem: 'it does not open with the secret of the key log' };
  }

  #content({ fragment, legacyVersion }: TlsRecord, type: number, sequence: number): Buffer | undefined {
    const { suite, key } = this.#protection;
    const length = fragment.length - suite.explicitLength - tagLength;
    if (length < 0) return undefined;
    const nonce = this.#nonce(fragment.subarray(0, suite.explicitLength), sequence);
    // Node types each kind of AEAD apart; all of them take these options.
    const decipher = createDecipheriv(suite.aead as CipherGCMTypes, key, nonce, { authTagLength: tagLength });
    const header = Buffer.concat([Uint8Array.of(type), Buffer.from(legacyVersion, 'hex'), encodeUint(2, length)]);
    decipher.setAAD(Buffer.concat([Buffer.alloc(4), encodeUint(4, sequence), header]));
    decipher.setAuthTag(fragment.subarray(-tagLength));
    const content = decipher.update(fragment.subarray(suite.explicitLength, -tagLength));
    try {
      decipher.final();
    } catch {
      return undefined; // not this key: the tag is the only way to learn it
    }
    return content;
  }

  /** AES-GCM sends half of its nonce with each record (RFC 5288 3); ChaCha20's is the iv mixed with the sequence number (RFC 7905 2). */
  #nonce(explicit: Uint8Array, sequence: number): Buffer {
    const nonce = Buffer.concat([this.#protection.iv, explicit]);
    if (explicit.length > 0) return nonce;
    const low = nonce.length - 4;
    nonce.writeUInt32BE((nonce.readUInt32BE(low) ^ sequence) >>> 0, low);
    return nonce;
  }
}

const tagLength = 16;
