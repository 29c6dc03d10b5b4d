import { createCipheriv, createDecipheriv, createHmac, type CipherGCMTypes } from 'node:crypto';
import { contentType } from '../registry/content-types.ts';

/** The TLS 1.3 cipher suites whose records can be sealed and opened, by the name that OpenSSL and the registry share. */
export function isTls13Suite(cipher: string): boolean {
  return suites.has(cipher);
}

/** The suites whose hash has the length of a traffic secret. */
export function suitesOfSecret(secret: Uint8Array): readonly string[] {
  return [...suites].filter(([, { hash }]) => hashLength[hash] === secret.length).map(([name]) => name);
}

/**
 * Seals one TLS 1.3 record (RFC 8446 5.2) with a traffic secret, e.g. an alert under the server's application secret.
 * `sequence` counts the records protected with this secret so far.
 */
export function sealRecord(content: Uint8Array, type: number, protection: Protection): Buffer {
  const { aead, key, nonce } = keysFor(protection);
  const length = content.length + 1 + tagLength;
  const header = Buffer.from([contentType.application_data, 3, 3, length >> 8, length & 0xff]);
  const inner = Buffer.concat([content, Uint8Array.of(type)]);
  // Node types each kind of AEAD apart; all of them take these options.
  const cipher = createCipheriv(aead as CipherGCMTypes, key, nonce, { authTagLength: tagLength });
  cipher.setAAD(header);
  return Buffer.concat([header, cipher.update(inner), cipher.final(), cipher.getAuthTag()]);
}

/** Opens the fragment of one TLS 1.3 record; undefined when it was not sealed with this secret and sequence number. */
export function openRecord(fragment: Uint8Array, protection: Protection): { content: Uint8Array; type: number } | undefined {
  if (fragment.length <= tagLength) return undefined;
  const { aead, key, nonce } = keysFor(protection);
  const decipher = createDecipheriv(aead as CipherGCMTypes, key, nonce, { authTagLength: tagLength });
  decipher.setAAD(Buffer.from([contentType.application_data, 3, 3, fragment.length >> 8, fragment.length & 0xff]));
  decipher.setAuthTag(fragment.subarray(-tagLength));
  const inner = decipher.update(fragment.subarray(0, -tagLength));
  try {
    decipher.final();
  } catch {
    return undefined; // not this key: the tag is the only way to learn it
  }
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

function keysFor({ cipher, secret, sequence }: Protection): { aead: string; key: Buffer; nonce: Buffer } {
  const suite = suites.get(cipher);
  if (!suite) throw new RangeError(`no TLS 1.3 suite ${cipher}`); // callers ask isTls13Suite first
  const key = expandLabel(suite.hash, secret, 'key', suite.keyLength);
  const nonce = expandLabel(suite.hash, secret, 'iv', 12);
  const low = nonce.length - 4;
  nonce.writeUInt32BE((nonce.readUInt32BE(low) ^ sequence) >>> 0, low);
  return { aead: suite.aead, key, nonce };
}

/** HKDF-Expand-Label with an empty context (RFC 8446 7.1); at most one hash block is ever asked for here. */
function expandLabel(hash: string, secret: Uint8Array, label: string, length: number): Buffer {
  const name = Buffer.from(`tls13 ${label}`, 'latin1');
  const info = Buffer.concat([Uint8Array.of(length >> 8, length & 0xff, name.length), name, Uint8Array.of(0, 1)]);
  return createHmac(hash, secret).update(info).digest().subarray(0, length);
}

const tagLength = 16;
const hashLength = { sha256: 32, sha384: 48 } as const;

const suites: ReadonlyMap<string, { readonly aead: string; readonly hash: keyof typeof hashLength; readonly keyLength: number }> = new Map([
  ['TLS_AES_128_GCM_SHA256', { aead: 'aes-128-gcm', hash: 'sha256', keyLength: 16 }],
  ['TLS_AES_256_GCM_SHA384', { aead: 'aes-256-gcm', hash: 'sha384', keyLength: 32 }],
  ['TLS_CHACHA20_POLY1305_SHA256', { aead: 'chacha20-poly1305', hash: 'sha256', keyLength: 32 }],
]);
