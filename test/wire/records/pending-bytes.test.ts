import { expect, test } from 'vitest';
import { PendingBytes } from '../../../src/wire/records/pending-bytes.ts';

test('bytes wait until there are as many as needed', () => {
  const pending = new PendingBytes();
  pending.keep(Uint8Array.of(1), 3);

  expect(pending.push(Uint8Array.of(2))).toBeUndefined();
  expect(pending.length).toBe(2);
  expect(pending.push(Uint8Array.of(3, 4))).toEqual(Buffer.from([1, 2, 3, 4]));
});

test('what waits can be had before it is enough, and nothing is lost by that', () => {
  const pending = new PendingBytes();
  pending.keep(new Uint8Array(0), 3);
  pending.push(Uint8Array.of(1));

  expect(pending.all).toEqual(Buffer.from([1]));
  pending.push(Uint8Array.of(2));
  expect(pending.all).toEqual(Buffer.from([1, 2]));
  expect(pending.push(Uint8Array.of(3))).toEqual(Buffer.from([1, 2, 3]));
});

test('what is left over begins the next', () => {
  const pending = new PendingBytes();
  const first = pending.push(Uint8Array.of(1, 2, 3));

  pending.keep(first?.subarray(2) ?? new Uint8Array(0), 2);

  expect(pending.length).toBe(1);
  expect(pending.push(Uint8Array.of(4))).toEqual(Buffer.from([3, 4]));
});
