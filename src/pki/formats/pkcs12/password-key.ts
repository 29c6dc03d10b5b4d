import { createHash } from 'node:crypto';

/** What a derived key is for (RFC 7292 B.3). */
export const purpose = { key: 1, iv: 2, mac: 3 } as const;

/** How a key is derived from a password. */
export interface PasswordKeyPlan {
  readonly hash: string;
  readonly purpose: (typeof purpose)[keyof typeof purpose];
  readonly salt: Uint8Array;
  readonly iterations: number;
  /** Octets. */
  readonly length: number;
}

/** PKCS#12's own key derivation (RFC 7292 B.2). `secret`: the password as {@link bmpPassword} writes it, or nothing at all. */
export function passwordKey(secret: Uint8Array, { hash, purpose: id, salt, iterations, length }: PasswordKeyPlan): Buffer {
  const block = hash === 'sha384' || hash === 'sha512' ? 128 : 64;
  const input = Buffer.concat([salt, secret].map((octets) => repeated(octets, block)));
  const parts: Buffer[] = [];
  for (let made = 0; made < length; made += parts.at(-1)?.length ?? length) {
    let round: Buffer = createHash(hash).update(Buffer.alloc(block, id)).update(input).digest();
    for (let count = 1; count < iterations; count += 1) round = createHash(hash).update(round).digest();
    parts.push(round);
    addToEach(input, Buffer.alloc(block, round));
  }
  return Buffer.concat(parts).subarray(0, length);
}

/** A password as UTF-16 with its terminating zero (RFC 7292 B.1). */
export function bmpPassword(password: string): Buffer {
  return Buffer.concat([utf16(password), Buffer.alloc(2)]);
}

/** UTF-16, most significant octet first. */
export function utf16(text: string): Buffer {
  return Buffer.from(text, 'utf16le').swap16();
}

/** Octets over and over, to whole blocks. */
function repeated(octets: Uint8Array, block: number): Buffer {
  return octets.length === 0 ? Buffer.alloc(0) : Buffer.alloc(Math.ceil(octets.length / block) * block, octets);
}

/** Adds one block and one more to each block of the input, as numbers of that many octets. */
function addToEach(input: Buffer, block: Buffer): void {
  for (let start = 0; start < input.length; start += block.length) {
    let carry = 1;
    for (let at = block.length - 1; at >= 0; at -= 1) {
      carry += (input[start + at] ?? 0) + (block[at] ?? 0);
      input[start + at] = carry & 0xff;
      carry >>= 8;
    }
  }
}
