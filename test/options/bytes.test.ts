import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { bytesOf, isBytes } from '../../src/options/bytes.ts';

const inAnotherRealm = (code: string): unknown => runInNewContext(code);

test.for<readonly [string, unknown, boolean]>([
  ['a Uint8Array', Uint8Array.of(1, 2), true],
  ['a Buffer', Buffer.from([1, 2]), true],
  ['a Uint8Array of another realm', inAnotherRealm('Uint8Array.of(1, 2)'), true],
  ['a DataView', new DataView(Uint8Array.of(1, 2).buffer), false],
  ['an ArrayBuffer', new ArrayBuffer(2), false],
  ['a list', [1, 2], false],
  ['what only says that it is one', { [Symbol.toStringTag]: 'Uint8Array' }, false],
  ['nothing', undefined, false],
])('%s is bytes or is not', ([, value, expected]) => {
  expect(isBytes(value)).toBe(expected);
});

test('the bytes that a view shows are exactly its own', () => {
  const octets = Uint8Array.of(9, 1, 2, 9);

  expect([...(bytesOf(new DataView(octets.buffer, 1, 2)) ?? [])]).toEqual([1, 2]);
  expect([...(bytesOf(inAnotherRealm('Uint8Array.of(9, 1, 2, 9).subarray(1, 3)')) ?? [])]).toEqual([1, 2]);
  expect(bytesOf('text')).toBeUndefined();
});
