import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { shellCommand } from '../../../src/cli/output/shell-command.ts';

const groups = [
  ['printf', String.raw`%s\n`],
  ['--cacert', "/a folder/Bob's $HOME/ca.pem"],
  ['--key', 'key.pem'],
];

test.for([undefined, 80, 30])('a shell reads a command in %s columns as the same words', (width) => {
  const read = execFileSync('sh', ['-c', shellCommand(groups, width)], { encoding: 'utf8' });

  expect(read.trimEnd().split('\n')).toEqual(groups.flat().slice(2));
});

test('a command that fits is one line, another one continues at its options', () => {
  expect(shellCommand([['curl'], ['--key', 'key.pem']])).toBe('curl --key key.pem');
  expect(shellCommand([['curl'], ['--key', 'key.pem']], 15)).toBe('curl \\\n    --key key.pem');
});
