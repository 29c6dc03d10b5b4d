import type { ByteCursor } from '../../byte-cursor.ts';

/** The items that fill a vector; undefined where the last one is cut off. `read` takes at least one octet. */
export function listOf<T>(vector: ByteCursor, read: (cursor: ByteCursor) => T): T[] | undefined {
  const items: T[] = [];
  while (vector.remaining > 0) items.push(read(vector));
  return vector.truncated ? undefined : items;
}

/** Names of the 16-bit numbers that fill a vector; undefined where the last one is cut off. */
export function namesOf(vector: ByteCursor, name: (number: number) => string): string[] | undefined {
  return listOf(vector, (cursor) => name(cursor.uint(2)));
}

/** Lower-case hexadecimal. */
export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex');
}
