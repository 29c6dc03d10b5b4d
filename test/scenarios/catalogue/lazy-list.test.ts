import { inspect } from 'node:util';
import { expect, test, vi } from 'vitest';
import { lazyList } from '../../../src/scenarios/catalogue/lazy-list.ts';

test('nothing is made until it is read, and then once', () => {
  const make = vi.fn<() => string[]>(() => ['a', 'b']);

  const list = lazyList(make);
  const before = make.mock.calls.length;
  const lengths = [list.length, list.length];

  expect(before).toBe(0);
  expect(lengths).toEqual([2, 2]);
  expect(make).toHaveBeenCalledTimes(1);
});

test.for([
  ['its length', (list: readonly string[]) => list.length, 3],
  ['an index', (list: readonly string[]) => list[1], 'b'],
  ['the last', (list: readonly string[]) => list.at(-1), 'c'],
  ['iteration', (list: readonly string[]) => [...list], ['a', 'b', 'c']],
  ['filter', (list: readonly string[]) => list.filter((item) => item !== 'b'), ['a', 'c']],
  ['map', (list: readonly string[]) => list.map((item) => item.toUpperCase()), ['A', 'B', 'C']],
  ['entries of the object', (list: readonly string[]) => Object.keys(list), ['0', '1', '2']],
  ['includes', (list: readonly string[]) => list.includes('c'), true],
  ['in', (list: readonly string[]) => 2 in list, true],
  ['concat', (list: readonly string[]) => ['z'].concat(list), ['z', 'a', 'b', 'c']],
  ['JSON', (list: readonly string[]) => JSON.stringify(list), '["a","b","c"]'],
  ['inspection', (list: readonly string[]) => inspect(list), "[ 'a', 'b', 'c' ]"],
  ['being an array', (list: readonly string[]) => Array.isArray(list), true],
  ['being frozen', (list: readonly string[]) => Object.isFrozen(list), true],
] as const)('the first look may be %s', ([, look, expected]) => {
  const list = lazyList(() => ['a', 'b', 'c']);

  expect(look(list)).toEqual(expected);
});

test('it equals the array that it holds, and cannot be changed', () => {
  const list = lazyList(() => ['a', 'b']);

  expect(list).toEqual(['a', 'b']);
  expect(() => (list as string[]).push('c')).toThrow(TypeError); // the type forbids it, JavaScript has to as well
  expect(list).toHaveLength(2);
});

test('an empty list stays one', () => {
  const make = vi.fn<() => string[]>(() => []);
  const list = lazyList(make);

  expect([list.length, list.length]).toEqual([0, 0]);
  expect(make).toHaveBeenCalledTimes(1);
});
