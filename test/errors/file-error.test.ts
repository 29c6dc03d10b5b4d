import fs from 'node:fs';
import vm from 'node:vm';
import { expect, test } from 'vitest';
import { asError, MtlsFixturesError, readError, removeError, writeError } from '../../src/errors/index.ts';

const advice = 'install the package again';

/** What Node throws for a path that is too long for any file system. */
function nodesError(): Error {
  try {
    fs.readFileSync(`/${'x'.repeat(300)}, 'quoted'`);
  } catch (error) {
    return asError(error);
  }
  throw new Error('such a file exists');
}

test.for([
  ['written', writeError, 'WRITE_FAILED', { reason: 'ENAMETOOLONG: name too long' }, 'choose a shorter path'],
  [
    'read',
    (error: unknown, file: string) => readError(error, file, advice),
    'READ_FAILED',
    { reason: 'ENAMETOOLONG: name too long', advice },
    advice,
  ],
  ['removed', removeError, 'REMOVE_FAILED', { reason: 'ENAMETOOLONG: name too long' }, 'remove it by hand, it may hold a private key'],
] as const)('an error of a file that was %s keeps its cause, and says what to do', ([, ours, code, facts, what]) => {
  const cause = nodesError();

  const error = ours(cause, '/a path');

  expect(error).toMatchObject({ code, facts: { path: '/a path', ...facts } });
  expect(asError(error).message).toMatch(/^Cannot (?:write|read|remove) "\/a path": ENAMETOOLONG: name too long; /u);
  expect(asError(error).message.endsWith(`; ${what}`)).toBe(true);
  expect(asError(error).cause).toBe(cause);
});

test('what exists is FILE_EXISTS', () => {
  expect(writeError(Object.assign(new Error('EEXIST: file already exists'), { code: 'EEXIST' }), '/a')).toMatchObject({
    code: 'FILE_EXISTS',
    facts: { path: '/a' },
  });
});

test.for([
  ['EACCES', 'change the permissions'],
  ['EPERM', 'change the permissions'],
  ['EROFS', 'not mounted read-only'],
  ['ENOSPC', 'free some space'],
  ['EDQUOT', 'free some space'],
  ['ENOENT', 'create the folder above it'],
  ['ENOTDIR', 'a part of the path is a file'],
  ['EISDIR', 'name a file in it'],
  ['ELOOP', 'form a loop'],
  ['EMFILE', 'ulimit -n'],
  ['ENFILE', 'ulimit -n'],
  ['EIO', 'choose a place that can be written'],
  ['toString', 'choose a place that can be written'],
])('%s has its own advice', ([code, what]) => {
  const error = writeError(Object.assign(new Error(`${code}: words, write`), { code }), '/a');

  expect(asError(error).message).toMatch(new RegExp(`^Cannot write "/a": ${code}: words; .*${what}`, 'u'));
});

test('an error of another realm is one of the file system too', () => {
  const foreign: unknown = vm.runInNewContext(`Object.assign(new Error("ENOSPC: no space left on device, write"), { code: 'ENOSPC' })`);

  expect(writeError(foreign, '/a')).toMatchObject({ code: 'WRITE_FAILED' });
});

test.for([
  new MtlsFixturesError('FILE_EXISTS', { path: '/b' }),
  new TypeError('a fault of ours'),
  undefined,
  null,
  'text',
  { code: 'ENOENT' },
])('%s is left as it is', (thrown) => {
  expect([writeError(thrown, '/a'), readError(thrown, '/a', advice), removeError(thrown, '/a')]).toEqual([thrown, thrown, thrown]);
  expect(writeError(thrown, '/a')).toBe(thrown);
});
