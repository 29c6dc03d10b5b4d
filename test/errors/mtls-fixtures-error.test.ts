import { inspect } from 'node:util';
import { expect, expectTypeOf, test } from 'vitest';
import { MtlsFixturesError } from '../../src/errors/index.ts';

test('an error keeps what caused it, and has no cause of its own making', () => {
  const cause = new TypeError('underneath');

  expect(new MtlsFixturesError('FILE_EXISTS', { path: 'a' }, { cause }).cause).toBe(cause);
  expect(Object.hasOwn(new MtlsFixturesError('FILE_EXISTS', { path: 'a' }), 'cause')).toBe(false);
});

test('the facts of an error are those of its code, in types too', () => {
  const error = new MtlsFixturesError('NOT_TLS', { host: 'localhost', port: 1, received: 'HTTP' });

  expectTypeOf(error.facts.port).toEqualTypeOf<number>();
  expect(error.facts.port).toBe(1);
});

test('a printed error shows name, message, code and facts', () => {
  const printed = inspect(new MtlsFixturesError('FILE_EXISTS', { path: '/tmp/key.pem' }));

  expect(printed).toContain('MtlsFixturesError: Cannot write "/tmp/key.pem"');
  expect(printed).toContain("code: 'FILE_EXISTS'");
  expect(printed).toContain("path: '/tmp/key.pem'");
});

test('the stack begins where the error was made', () => {
  expect(new MtlsFixturesError('FILE_EXISTS', { path: 'a' }).stack).toContain('mtls-fixtures-error.test.ts');
});

test('the message prints nothing that moves a cursor or turns the direction of writing round, and the facts have it all', () => {
  const subject = 'CN=a\u001b[2J\u202eb\u2066\tc';

  const error = new MtlsFixturesError('KEY_MISMATCH', { subject });

  expect(error.message).toContain('"CN=a?[2J?b? c"');
  expect(String(error.stack)).not.toMatch(/[\u001b\u202e\u2066]/u);
  expect(error.facts.subject).toBe(subject);
});
