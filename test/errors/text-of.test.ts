import { expect, test } from 'vitest';
import { textOf } from '../../src/errors/index.ts';

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
] as const)('of %o is %s', ([value, text]) => {
  expect(textOf(value)).toBe(text);
});
