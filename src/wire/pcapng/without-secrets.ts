import { blockType } from './block.ts';

/** A capture file of this library without its key log: the blocks of decryption secrets are left out. */
export function withoutSecrets(capture: Uint8Array): Uint8Array {
  const bytes = Buffer.from(capture.buffer, capture.byteOffset, capture.byteLength);
  const kept: Uint8Array[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = bytes.readUInt32LE(at + 4);
    if (bytes.readUInt32LE(at) !== blockType.decryptionSecrets) kept.push(bytes.subarray(at, at + length));
    at += length;
  }
  return Buffer.concat(kept);
}
