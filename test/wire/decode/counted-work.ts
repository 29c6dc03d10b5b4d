import { vi } from 'vitest';
import { ByteCursor } from '../../../src/wire/byte-cursor.ts';

/**
 * How much work a reader of bytes does, as counts: fields that it reads, views that it makes, octets that it copies to put pieces together, and what comes out. No clock: the
 * counts are the same on a machine of any speed, however busy.
 */
export function workOf(read: () => readonly unknown[]): number {
  const fields = vi.spyOn(ByteCursor.prototype, 'take');
  const views = [vi.spyOn(Uint8Array.prototype, 'subarray'), vi.spyOn(Buffer.prototype, 'subarray')];
  const joined = vi.spyOn(Buffer, 'concat');
  try {
    const { length } = read();
    const copied = joined.mock.results.reduce((sum, { value }) => sum + (value as Buffer).length, 0); // what it has returned
    return length + fields.mock.calls.length + views.reduce((sum, view) => sum + view.mock.calls.length, 0) + copied;
  } finally {
    for (const spy of [fields, joined, ...views]) spy.mockRestore();
  }
}
