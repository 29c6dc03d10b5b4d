import { createHmac } from 'node:crypto';
import { encodeUint, encodeVector } from '../tls-encoding.ts';

/** HKDF-Expand-Label (RFC 8446 7.1). */
export function expandLabel(hash: string, secret: Uint8Array, label: string, length: number, context: Uint8Array = none): Buffer {
  const info = Buffer.concat([encodeUint(2, length), encodeVector(1, Buffer.from(`tls13 ${label}`, 'latin1')), encodeVector(1, context)]);
  const blocks: Buffer[] = [];
  for (let made = 0, previous: Uint8Array = none; made < length; made += previous.length) {
    previous = createHmac(hash, secret)
      .update(previous)
      .update(info)
      .update(Uint8Array.of(blocks.length + 1))
      .digest();
    blocks.push(Buffer.from(previous));
  }
  return Buffer.concat(blocks).subarray(0, length);
}

/** The traffic secret after a KeyUpdate (RFC 8446 7.2). */
export function nextTrafficSecret(hash: string, secret: Uint8Array): Buffer {
  return expandLabel(hash, secret, 'traffic upd', secret.length);
}

const none = new Uint8Array(0);
