import { execFileSync } from 'node:child_process';
import { buffer } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { tarOf } from '../../../src/containers/material/archive.ts';

test('an archive is read by tar with owners, modes and contents', async () => {
  const content = 'x'.repeat(513);
  const deep = `${'directory/'.repeat(15)}file`;
  const archive = await buffer(
    await tarOf([
      { path: 'mtls/tls.key', content: 'key\n', mode: 0o600, owner: { uid: 999, gid: 70 } },
      { path: 'mtls/empty', content: '', mode: 0o644, owner: { uid: 0, gid: 0 } },
      { path: 'etc/long', content, mode: 0o640, owner: { uid: 2 ** 21 - 1, gid: 1 } },
      { path: deep, content, mode: 0o640, owner: { uid: 1, gid: 2 ** 21 - 1 } },
    ]),
  );

  const list = execFileSync('tar', ['--list', '--verbose', '--numeric-owner'], { input: archive, encoding: 'utf8' });
  const long = execFileSync('tar', ['--extract', '--to-stdout', 'etc/long'], { input: archive, encoding: 'utf8' });

  expect(
    list
      .trim()
      .split('\n')
      .map((line) => line.replaceAll(/\s+/gu, ' ').replace(/ \d{4}-\S+ \S+/u, '')),
  ).toEqual([
    '-rw------- 999/70 4 mtls/tls.key',
    '-rw-r--r-- 0/0 0 mtls/empty',
    '-rw-r----- 2097151/1 513 etc/long',
    `-rw-r----- 1/2097151 513 ${deep}`,
  ]);
  expect(long).toBe(content);
});

test('an archive of many files is read to its end', async () => {
  const files = Array.from({ length: 300 }, (_, number) => ({
    path: `f${number}`,
    content: Buffer.alloc(9000),
    mode: 0o644,
    owner: { uid: 0, gid: 0 },
  }));

  const archive = await buffer(await tarOf(files));

  expect(execFileSync('tar', ['--list'], { input: archive, encoding: 'utf8' }).trim().split('\n')).toHaveLength(300);
});
