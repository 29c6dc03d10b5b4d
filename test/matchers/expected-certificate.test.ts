import { expect, test } from 'vitest';
import { matchesExpected } from '../../src/matchers/expected-certificate.ts';

const date = new Date(1_000_000);

test.for<[what: string, value: unknown, expected: unknown, different: unknown]>([
  ['text', 'a', 'a', 'b'],
  ['a number', 1, 1, 2],
  ['undefined', undefined, undefined, null],
  ['a date', date, new Date(1_000_000), new Date(1_000_001)],
  ['a date and its number', date, date, 1_000_000],
  ['bytes', Uint8Array.of(1, 2), Uint8Array.of(1, 2), Uint8Array.of(1, 3)],
  ['bytes of another length', Uint8Array.of(1, 2), Uint8Array.of(1, 2), Uint8Array.of(1)],
  ['a list', ['a', 'b'], ['a', 'b'], ['b', 'a']],
  ['a list with more items', ['a', 'b'], ['a', 'b'], ['a']],
  ['a list with fewer items', ['a'], ['a'], ['a', 'b']],
  ['some fields of an object', { a: 1, b: 2 }, { a: 1 }, { a: 2 }],
  ['a field that is not there', { a: 1 }, {}, { b: undefined }],
  ['fields below fields', { a: { b: 1, c: 2 } }, { a: { b: 1 } }, { a: { b: 2 } }],
  ['some fields of the items of a list', [{ a: 1, b: 2 }], [{ a: 1 }], [{ a: 2 }]],
  ['a list and an object', ['a'], ['a'], { 0: 'a' }],
  ['an object and null', {}, {}, null],
  ['an asymmetric matcher', 'alice', expect.stringMatching(/^a/u), expect.stringMatching(/^b/u)],
  ['a negated one', 'alice', expect.not.stringMatching(/^b/u), expect.not.stringMatching(/^a/u)],
  ['one below fields', { a: ['alice'] }, { a: [expect.any(String)] }, { a: [expect.any(Number)] }],
])('%s is compared by its value', ([, value, expected, different]) => {
  expect(matchesExpected(value, expected)).toBe(true);
  expect(matchesExpected(value, different)).toBe(false);
});
