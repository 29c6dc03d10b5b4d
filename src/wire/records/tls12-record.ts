import { type CipherGCMTypes, createCipheriv, createDecipheriv } from 'node:crypto';
import { encodeUint } from '../tls-encoding.ts';
import type { Tls12Protection } from './tls12-protection.ts';

/** What is authenticated with a record of TLS 1.2, beside its content (RFC 5246 6.2.3.3). */
export interface Tls12RecordFacts {
  /** The record's content type, by its number. */
  readonly type: number;
  /** The two octets of the header's version. */
  readonly version: Uint8Array;
  /** How many records this side sent under the same keys before. */
  readonly sequence: number;
}

/** Opens the fragment of a record; undefined where it was not sealed with these keys and facts. */
export function openTls12Record(fragment: Uint8Array, protection: Tls12Protection, facts: Tls12RecordFacts): Buffer | undefined {
  const { suite, key } = protection;
  const length = fragment.length - suite.explicitLength - tagLength;
  if (length < 0) return undefined;
  const nonce = nonceOf(protection, fragment.subarray(0, suite.explicitLength), facts.sequence);
  // Node types each kind of AEAD apart; all of them take these options.
  const decipher = createDecipheriv(suite.aead as CipherGCMTypes, key, nonce, { authTagLength: tagLength });
  decipher.setAAD(additionalData(facts, length));
  decipher.setAuthTag(fragment.subarray(-tagLength));
  const content = decipher.update(fragment.subarray(suite.explicitLength, -tagLength));
  try {
    decipher.final();
  } catch {
    return undefined; // not this key: the tag is the only way to learn it
  }
  return content;
}

/** The fragment of a record. AES-GCM's explicit nonce is the sequence number (RFC 5288 3). */
export function sealTls12Record(content: Uint8Array, protection: Tls12Protection, facts: Tls12RecordFacts): Buffer {
  const { suite, key } = protection;
  const explicit = suite.explicitLength === 0 ? Buffer.alloc(0) : sequenceNumber(facts);
  const nonce = nonceOf(protection, explicit, facts.sequence);
  const cipher = createCipheriv(suite.aead as CipherGCMTypes, key, nonce, { authTagLength: tagLength }); // as above
  cipher.setAAD(additionalData(facts, content.length));
  return Buffer.concat([explicit, cipher.update(content), cipher.final(), cipher.getAuthTag()]);
}

/** AES-GCM sends half of its nonce with each record (RFC 5288 3); ChaCha20's is the iv mixed with the sequence number (RFC 7905 2). */
function nonceOf({ iv }: Tls12Protection, explicit: Uint8Array, sequence: number): Buffer {
  const nonce = Buffer.concat([iv, explicit]);
  if (explicit.length > 0) return nonce;
  const low = nonce.length - 4;
  nonce.writeUInt32BE((nonce.readUInt32BE(low) ^ sequence) >>> 0, low);
  return nonce;
}

function additionalData(facts: Tls12RecordFacts, length: number): Buffer {
  return Buffer.concat([sequenceNumber(facts), Uint8Array.of(facts.type), facts.version, encodeUint(2, length)]);
}

function sequenceNumber({ sequence }: Tls12RecordFacts): Buffer {
  return Buffer.concat([Buffer.alloc(4), encodeUint(4, sequence)]);
}

const tagLength = 16;
