import { createCipheriv, createDecipheriv, type CipherGCMTypes } from 'node:crypto';
import { contentType } from '../registry/content-types.ts';
import { expandLabel } from './expand-label.ts';

/** The TLS 1.3 cipher suites whose records can be sealed and opened, by the name that OpenSSL and the registry share. */
export function isTls13Suite(cipher: string): boolean {
  return suites.has(cipher);
}

/** The hash of a TLS 1.3 suite, which its key schedule and its transcript use. */
export function hashOfSuite(cipher: string): 'sha256' | 'sha384' | undefined {
  return suites.get(cipher)?.hash;
}

/** The suites whose hash has the length of a traffic secret. */
export function suitesOfSecret(secret: Uint8Array): readonly string[] {
  return [...suites].filter(([, { hash }]) => hashLength[hash] === secret.length).map(([name]) => name);
}

/**
 * Seals one TLS 1.3 record (RFC 8446 5.2) with a traffic secret, e.g. an alert under the server's application secret.
 * `sequence` counts the records protected with this secret so far.
 */
export function sealRecord(content: Uint8Array, type: number, { cipher, secret, sequence }: Protection): Buffer {
  return sealWith(recordKeys(cipher, secret), { content, type, sequence });
}

/** Opens the fragment of one TLS 1.3 record; undefined when it was not sealed with this secret and sequence number. */
export function openRecord(
  fragment: Uint8Array,
  { cipher, secret, sequence }: Protection,
): { content: Uint8Array; type: number } | undefined {
  const inner = openWith(recordKeys(cipher, secret), fragment, sequence);
  if (!inner) return undefined;
  const end = inner.findLastIndex((byte) => byte !== 0); // the content type comes before the zero padding
  return end < 0 ? undefined : { content: inner.subarray(0, end), type: inner[end] ?? 0 };
}

/** What a record is protected with. */
export interface Protection {
  /** A TLS 1.3 suite, e.g. `TLS_AES_128_GCM_SHA256`. */
  readonly cipher: string;
  /** A traffic secret of the connection's key log. */
  readonly secret: Uint8Array;
  readonly sequence: number;
}

/** The keys that follow from a traffic secret (RFC 8446 7.3). */
export interface RecordKeys {
  readonly aead: string;
  readonly key: Buffer;
  readonly iv: Buffer;
}

/** The keys of all records under one traffic secret. */
export function recordKeys(cipher: string, secret: Uint8Array): RecordKeys {
  const suite = suites.get(cipher);
  if (!suite) throw new RangeError(`no TLS 1.3 suite ${cipher}`); // callers ask isTls13Suite first
  const { aead, hash, keyLength } = suite;
  return { aead, key: expandLabel(hash, secret, 'key', keyLength), iv: expandLabel(hash, secret, 'iv', ivLength) };
}

/** What a record holds. */
export interface RecordContent {
  readonly content: Uint8Array;
  /** The number of the inner content type. */
  readonly type: number;
  readonly sequence: number;
  /** Octets of padding (RFC 8446 5.4); default none. */
  readonly padding?: number;
  /** The version of the header; default that of TLS 1.2. */
  readonly version?: number;
}

/** Seals one record, its header included. */
export function sealWith(keys: RecordKeys, { content, type, sequence, padding = 0, version = 0x0303 }: RecordContent): Buffer {
  const length = content.length + 1 + padding + tagLength;
  const header = Buffer.from([contentType.application_data, version >> 8, version & 0xff, length >> 8, length & 0xff]);
  const inner = Buffer.concat([content, Uint8Array.of(type), Buffer.alloc(padding)]);
  // Node types each kind of AEAD apart; all of them take these options.
  const cipher = createCipheriv(keys.aead as CipherGCMTypes, keys.key, nonceOf(keys.iv, sequence), { authTagLength: tagLength });
  cipher.setAAD(header);
  return Buffer.concat([header, cipher.update(inner), cipher.final(), cipher.getAuthTag()]);
}

/** Opens the fragment of one record: its content with the content type and the padding behind it; undefined when it was not sealed with these keys. */
export function openWith(keys: RecordKeys, fragment: Uint8Array, sequence: number): Buffer | undefined {
  if (fragment.length <= tagLength) return undefined;
  const decipher = createDecipheriv(keys.aead as CipherGCMTypes, keys.key, nonceOf(keys.iv, sequence), { authTagLength: tagLength }); // as above
  decipher.setAAD(Buffer.from([contentType.application_data, 3, 3, fragment.length >> 8, fragment.length & 0xff]));
  decipher.setAuthTag(fragment.subarray(-tagLength));
  const inner = decipher.update(fragment.subarray(0, -tagLength));
  try {
    decipher.final();
  } catch {
    return undefined; // not this key: the tag is the only way to learn it
  }
  return inner;
}

function nonceOf(iv: Buffer, sequence: number): Buffer {
  const nonce = Buffer.from(iv);
  const low = nonce.length - 4;
  nonce.writeUInt32BE((nonce.readUInt32BE(low) ^ sequence) >>> 0, low);
  return nonce;
}

const ivLength = 12;
const tagLength = 16;
const hashLength = { sha256: 32, sha384: 48 } as const;

const suites: ReadonlyMap<string, { readonly aead: string; readonly hash: keyof typeof hashLength; readonly keyLength: number }> = new Map([
  ['TLS_AES_128_GCM_SHA256', { aead: 'aes-128-gcm', hash: 'sha256', keyLength: 16 }],
  ['TLS_AES_256_GCM_SHA384', { aead: 'aes-256-gcm', hash: 'sha384', keyLength: 32 }],
  ['TLS_CHACHA20_POLY1305_SHA256', { aead: 'chacha20-poly1305', hash: 'sha256', keyLength: 32 }],
]);
