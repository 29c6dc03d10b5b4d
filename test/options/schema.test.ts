import { expect, test } from 'vitest';
import { requireBoolean } from '../../src/options/checks.ts';
import { checkedWhereRead, functionOf, oneOf, passedOn, requireOptionsOf } from '../../src/options/schema.ts';

const closed = {
  what: 'test option',
  own: { trust: checkedWhereRead, exposed: requireBoolean, mode: oneOf(['one', 'two']), call: functionOf('() => void') },
  reserved: { key: 'trust instead of key' },
};
const open = { ...closed, passedOn: new Set(['ciphers', 'hints']) };

const refusal = (facts: object) => expect.objectContaining({ code: 'OPTION_INVALID', facts: expect.objectContaining(facts) });

test('options that are there and have values that they can have pass, with those that are undefined', () => {
  expect(requireOptionsOf(closed, { trust: 5, exposed: true, mode: 'two', call: () => {} })).toBeUndefined();
  expect(requireOptionsOf(closed, { exposed: undefined, mode: undefined, call: undefined })).toBeUndefined();
  expect(requireOptionsOf(closed, {})).toBeUndefined();
});

test.for<[options: unknown, facts: object]>([
  [null, { option: 'test options', expected: 'an object of options' }],
  ['text', { option: 'test options' }],
  [{ exposed: 1 }, { option: 'exposed', value: '1', expected: 'true or false' }],
  [{ exposed: null }, { option: 'exposed', value: 'null' }],
  [{ mode: 'three' }, { option: 'mode', value: 'three', expected: 'one of one, two' }],
  [{ call: 'a' }, { option: 'call', value: 'string', expected: 'a function () => void' }],
  [{ key: '' }, { option: 'test option', value: 'key', expected: 'trust instead of key' }],
  [{ key: undefined }, { option: 'test option', value: 'key', expected: 'trust instead of key' }],
  [{ trsut: 1 }, { option: 'test option', value: 'trsut', expected: expect.stringMatching(/; did you mean "trust"\?$/u) }],
  [{ keys: 1 }, { option: 'test option', value: 'keys', expected: expect.stringMatching(/; did you mean "key"\?$/u) }],
])('%o is refused', ([options, facts]) => {
  expect(() => requireOptionsOf(closed, options)).toThrow(refusal(facts));
  expect(() => requireOptionsOf(open, options)).toThrow(refusal(facts));
});

test('a name that resembles none is refused where nothing is passed on, and passes where Node gets it', () => {
  expect(() => requireOptionsOf(closed, { frobnicate: 1 })).toThrow(
    refusal({ option: 'test option', value: 'frobnicate', expected: 'one of trust, exposed, mode, call' }),
  );
  expect(requireOptionsOf(open, { frobnicate: 1, ciphers: '', hints: 1 })).toBeUndefined();
});

test("a name that resembles one of Node's is refused: Node would not look at it", () => {
  expect(() => requireOptionsOf(open, { cihpers: '' })).toThrow(
    refusal({ value: 'cihpers', expected: 'the name of an option; did you mean "ciphers"?' }),
  );
});

test('names of every object are names of options, not of what it inherits', () => {
  expect(() => requireOptionsOf(closed, { constructor: 1 })).toThrow(refusal({ value: 'constructor' }));
  expect(requireOptionsOf(closed, Object.create(null))).toBeUndefined();
});

test('what is not ours is passed on, unless it is undefined', () => {
  expect(passedOn(open, { trust: 1, mode: undefined, ciphers: 'a', hints: undefined, frobnicate: null })).toEqual({
    ciphers: 'a',
    frobnicate: null,
  });
});
