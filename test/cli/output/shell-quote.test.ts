import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { shellQuote } from '../../../src/cli/output/shell-quote.ts';

test.for(['plain/path-1.pem', '', 'with spaces', "Bob's", `"double" and 'single'`, '$HOME `id` \\ !', 'two\nlines', '*', '-option', 'ä'])(
  'a shell reads %j back',
  (word) => {
    expect(execFileSync('sh', ['-c', `printf %s ${shellQuote(word)}`], { encoding: 'utf8' })).toBe(word);
  },
);

test('a word that needs no quotes has none', () => {
  expect(shellQuote('./pki/client/cert.pem')).toBe('./pki/client/cert.pem');
});
