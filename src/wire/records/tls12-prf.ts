import { createHmac } from 'node:crypto';

/** A hash that TLS 1.2's suites name for the PRF, as `node:crypto` calls it. */
export type PrfHash = 'sha256' | 'sha384';

/** PRF of TLS 1.2: P_hash over the label and the seed (RFC 5246 5). */
export function tls12Prf(hash: PrfHash, secret: Uint8Array, { label, seed, length }: PrfInput): Buffer {
  const hmac = (...data: readonly Uint8Array[]): Buffer => {
    const mac = createHmac(hash, secret);
    for (const part of data) mac.update(part);
    return mac.digest();
  };
  const labeled = Buffer.concat([Buffer.from(label, 'latin1'), ...seed]);
  const blocks: Buffer[] = [];
  let a = hmac(labeled);
  for (let made = 0; made < length; a = hmac(a)) {
    const block = hmac(a, labeled);
    blocks.push(block);
    made += block.length;
  }
  return Buffer.concat(blocks).subarray(0, length);
}

/** What is expanded, and to how many octets. */
export interface PrfInput {
  readonly label: string;
  /** Concatenated. */
  readonly seed: readonly Uint8Array[];
  readonly length: number;
}
