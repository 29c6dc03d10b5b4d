import { expect, test } from 'vitest';
import { invalidOption } from '../../src/errors/index.ts';

test('the error of an invalid option says what was given and what is taken, and keeps the cause', () => {
  const cause = new Error('underneath');
  const error = invalidOption('port', Object.create(null), 'a number', { cause });
  expect(error).toMatchObject({ code: 'OPTION_INVALID', facts: { option: 'port', value: '[object Object]', expected: 'a number' }, cause });
});

test('without a cause the error has none', () => {
  expect(Object.hasOwn(invalidOption('port', -1, 'a number'), 'cause')).toBe(false);
});
