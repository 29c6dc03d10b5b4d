import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { ustar } from '../../src/containers/ustar.ts';

test('an archive is read by tar with owners, modes and contents', () => {
  const content = 'x'.repeat(513);
  const archive = ustar([
    { path: 'mtls/tls.key', content: 'key\n', mode: 0o600, owner: { uid: 999, gid: 70 } },
    { path: 'mtls/empty', content: '', mode: 0o644, owner: { uid: 0, gid: 0 } },
    { path: 'etc/long', content, mode: 0o640, owner: { uid: 2 ** 21 - 1, gid: 1 } },
  ]);

  const list = execFileSync('tar', ['--list', '--verbose', '--numeric-owner'], { input: archive, encoding: 'utf8' });
  const long = execFileSync('tar', ['--extract', '--to-stdout', 'etc/long'], { input: archive, encoding: 'utf8' });

  expect(
    list
      .trim()
      .split('\n')
      .map((line) => line.replaceAll(/\s+/gu, ' ').replace(/ \d{4}-\S+ \S+/u, '')),
  ).toEqual(['-rw------- 999/70 4 mtls/tls.key', '-rw-r--r-- 0/0 0 mtls/empty', '-rw-r----- 2097151/1 513 etc/long']);
  expect(long).toBe(content);
});
