import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import * as checks from '../../src/options/checks.ts';
import { isBytes } from '../../src/options/bytes.ts';

const refusal = (facts: object) => expect.objectContaining({ code: 'OPTION_INVALID', facts });

test('an unknown option is refused, with those that there are and the one that is near', () => {
  expect(() => {
    checks.requireKnownOptions('the option', { name: 1, nam: 2 }, ['name', 'size']);
  }).toThrow(refusal({ option: 'the option', value: 'nam', expected: 'one of name, size; did you mean "name"?' }));
  expect(checks.requireKnownOptions('the option', { name: 1, size: undefined }, ['name', 'size'])).toBeUndefined();
});

/** Each check, what passes it, what does not, and what it says then. */
const table: readonly (readonly [string, (value: never) => unknown, readonly unknown[], readonly unknown[], string])[] = [
  [
    'options',
    (value) => checks.requireOptions('it', value),
    [{}, Object.create(null)],
    [null, undefined, 5, 'text'],
    'an object of options',
  ],
  ['true or false', (value) => checks.requireBoolean('it', value), [true, false], [0, 'true', null, undefined], 'true or false'],
  [
    'an integer',
    (value) => checks.requireIntegerIn('it', value, 1, 9),
    [1, 9],
    [0, 10, 1.5, '5', 5n, Number.NaN, null, [5]],
    'an integer from 1 to 9',
  ],
  [
    'a count',
    (value) => checks.requireCount('it', value, 'how many'),
    [1, 200, Infinity],
    [0, -1, 1.5, NaN, '5', 5n, null, undefined],
    'how many',
  ],
  [
    'milliseconds',
    (value) => checks.requireMilliseconds('it', value),
    [1, 0.5, 2 ** 31 - 1],
    [0, -1, 2 ** 31, Infinity, Number.NaN, '5', 5n],
    'a positive number of milliseconds below 2^31',
  ],
  ['text', (value) => checks.requireText('it', value), ['a', ' '], ['', 5, null, undefined, ['a']], 'text that is not empty'],
  [
    'one of some words',
    (value) => checks.requireOneOf('it', value, ['one', 'two']),
    ['one', 'two'],
    ['three', '', ['one'], null, Object.create(null), Symbol('one')],
    'one of one, two',
  ],
  [
    'a list',
    (value) => checks.textList('it', value),
    [undefined, 'a', '', [], ['a', 'b']],
    [null, 5, {}, new Set(['a'])],
    'text or a list of texts',
  ],
];

describe.for(table)('%s', ([, check, good, bad, expected]) => {
  test.for(good.map((value) => [value]))('is %o', ([value]) => {
    expect(() => check(value as never)).not.toThrow();
  });

  test.for(bad.map((value) => [value]))('is not %o', ([value]) => {
    expect(() => check(value as never)).toThrow(refusal({ option: 'it', value: expect.any(String), expected }));
  });
});

test.for(['', 'a\u{0}b', null, undefined, 5, Symbol('host'), Object.create(null)])('%o is not a host', (value) => {
  expect(() => checks.requireHost(value)).toThrow(
    refusal({ option: 'host', value: expect.any(String), expected: 'a host name or an IP address' }),
  );
});

test.for(['localhost', '127.0.0.1', '::1', 'bücher.example'])('%s is a host', (value) => {
  expect(checks.requireHost(value)).toBeUndefined();
});

test('one text is a list of one, and nothing is a list of none', () => {
  expect([checks.textList('it', 'a'), checks.textList('it', ['a', 'b']), checks.textList('it', undefined)]).toEqual([
    ['a'],
    ['a', 'b'],
    [],
  ]);
});

test('bytes of another realm are bytes, and nothing else is', () => {
  const foreign: unknown = runInNewContext('Uint8Array.of(1)');

  expect(foreign).not.toBeInstanceOf(Uint8Array);
  expect([foreign, Uint8Array.of(1), Buffer.alloc(1)].map(isBytes)).toEqual([true, true, true]);
  expect([[1], new Uint16Array(1), new DataView(new ArrayBuffer(1)), new ArrayBuffer(1), 'a', null].map(isBytes)).not.toContain(true);
});

test('what an identity was confused with is named by its fields, without their values', () => {
  expect(() => checks.requireIdentity('identity', { key: 'a', cert: 'b', ca: 'c' })).toThrow(
    refusal({ option: 'identity', value: '{ key, cert, ca }', expected: expect.stringContaining('identityFromPem') }),
  );
});

test.for([[{}], [null], ['pem'], [{ keyPem: 'a' }], [{ chainPem: 'a' }]])('%o is not an identity', ([value]) => {
  expect(() => checks.requireIdentity('identity', value)).toThrow(
    refusal({ option: 'identity', value: expect.any(String), expected: expect.any(String) }),
  );
  expect(checks.requireIdentity('identity', { keyPem: 'a', chainPem: 'b' })).toBeUndefined();
});
