import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { asError, isError, messageOf, textOf, typeName } from '../../src/errors/index.ts';

test.for<readonly [string, unknown, string]>([
  ['an Error', new TypeError('words'), 'words'],
  ['an Error of another realm', runInNewContext('new TypeError("words")'), 'words'],
  ['a DOMException', new DOMException('words', 'AbortError'), 'words'],
])('%s is itself', ([, thrown, message]) => {
  expect(isError(thrown)).toBe(true);
  expect(asError(thrown)).toBe(thrown);
  expect(messageOf(thrown)).toBe(message);
});

test.for([
  ['text', 'text'],
  [5, '5'],
  [undefined, 'undefined'],
  [{ message: 'no' }, '[object Object]'],
] as const)('%j, which is not an Error, becomes the words of one', ([thrown, message]) => {
  expect(isError(thrown)).toBe(false);
  expect(messageOf(thrown)).toBe(message);
});

const throwing = {
  toString: () => {
    throw new Error('on purpose');
  },
};

test.for([
  ['text', 'text'],
  [5n, '5'],
  [Symbol('name'), 'Symbol(name)'],
  [null, 'null'],
  [['a', 'b'], 'a,b'],
  [{}, '[object Object]'],
  [Object.create(null), '[object Object]'],
  [[Object.create(null)], '[object Array]'],
  [throwing, '[object Object]'],
] as const)('the text of %o is %s', ([value, text]) => {
  expect(textOf(value)).toBe(text);
});

test.for([
  [null, 'null'],
  [undefined, 'undefined'],
  [{}, 'object'],
  ['text', 'string'],
  [Object.create(null), 'object'],
] as const)('the type of %o is called %s', ([value, name]) => {
  expect(typeName(value)).toBe(name);
});
