import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { makeFolder, replaceFile, writeNewFile } from '../../../src/pki/files/new-file.ts';

let scratch = '';
beforeEach(() => {
  scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'new-file-test-'));
});
afterEach(() => {
  vi.restoreAllMocks();
  fs.rmSync(scratch, { recursive: true });
});

/** Where nothing can be written, from the folder `scratch`. */
const places: readonly (readonly [name: string, reason: RegExp, advice: string])[] = [
  ['absent/file', /^ENOENT: no such file or directory$/u, 'create the folder above it, or correct the path'],
  ['taken/file', /^ENOTDIR: not a directory$/u, 'a part of the path is a file and not a folder; correct the path'],
  ['loop/file', /^ELOOP: /u, 'symbolic links on the path form a loop; correct the path'],
  ['x'.repeat(300), /^ENAMETOOLONG: name too long$/u, 'choose a shorter path'],
];

function prepare(): readonly string[] {
  fs.writeFileSync(path.join(scratch, 'taken'), 'mine');
  fs.symlinkSync('loop', path.join(scratch, 'loop'));
  return fs.readdirSync(scratch);
}

describe.for([
  ['a new file', writeNewFile],
  ['a file that takes the place of another', replaceFile],
] as const)('%s', ([, write]) => {
  test.for(places)('at "%s" is one error that says what to do, and nothing is left', ([name, reason, advice]) => {
    const before = prepare();
    const file = path.join(scratch, name);

    let thrown: unknown;
    try {
      write(file, 'text');
    } catch (error) {
      thrown = error;
    }

    expect(thrown).toMatchObject({ code: 'WRITE_FAILED', facts: { reason: expect.stringMatching(reason) } });
    expect(Object(thrown).message).toMatch(/^Cannot write "\/[^"]+": E[A-Z]+: [^']+; .+$/u);
    expect(String(thrown).endsWith(`; ${advice}`)).toBe(true);
    expect(Object(thrown).cause).toMatchObject({ syscall: 'open' });
    expect(fs.readdirSync(scratch)).toEqual(before);
  });

  test('on a full disk leaves no half of itself', () => {
    const file = path.join(scratch, 'file');
    const { writeFileSync } = fs;
    vi.spyOn(fs, 'writeFileSync').mockImplementation((target, content) => {
      writeFileSync(target, String(content).slice(0, 2));
      throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    });

    expect(() => write(file, 'text')).toThrow(
      expect.objectContaining({ code: 'WRITE_FAILED', facts: expect.objectContaining({ reason: 'ENOSPC: no space left on device' }) }),
    );
    expect(fs.readdirSync(scratch)).toEqual([]);
  });

  test.skipIf(process.platform === 'win32')('that the user may not write says so', async () => {
    const closed = path.join(scratch, 'closed');
    fs.mkdirSync(closed, { mode: 0o500 });
    fs.chmodSync(scratch, 0o755);
    const script = `
      import { ${write.name} } from '${source}';
      if (process.getuid() === 0) process.setuid(65534);
      try { ${write.name}('${closed}/file', 'text'); } catch (error) { console.log(error.message); }`;

    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script]);

    expect(stdout.replace(/"[^"]*"/u, '"…"')).toBe(
      'Cannot write "…": EACCES: permission denied; change the permissions, or choose a place that this user can write to\n',
    );
    expect(fs.readdirSync(closed)).toEqual([]);
  });
});

test('a new file never takes the place of another, nor follows a link', () => {
  const [file, link] = [path.join(scratch, 'file'), path.join(scratch, 'link')];
  fs.writeFileSync(file, 'mine');
  fs.symlinkSync('nowhere', link);

  for (const taken of [file, link])
    expect(() => {
      writeNewFile(taken, 'text');
    }).toThrow(expect.objectContaining({ code: 'FILE_EXISTS', facts: { path: taken } }));
  expect(fs.readFileSync(file, 'utf8')).toBe('mine');
  expect(fs.readdirSync(scratch)).toEqual(['file', 'link']);
});

test('a file that is replaced is never half there: it is another file under the same name', () => {
  const file = path.join(scratch, 'file');
  writeNewFile(file, 'old');
  const reader = fs.openSync(file, 'r');

  replaceFile(file, 'new');

  expect(fs.readFileSync(file, 'utf8')).toBe('new');
  expect(fs.readFileSync(reader, 'utf8')).toBe('old');
  expect(fs.statSync(file).mode & 0o777).toBe(0o600);
  fs.closeSync(reader);
});

describe('a folder', () => {
  test('is created with those above it, and the outermost is returned', () => {
    expect(makeFolder(path.join(scratch, 'outer', 'inner'))).toBe(path.join(scratch, 'outer'));
    expect(makeFolder(path.join(scratch, 'outer', 'inner'))).toBeUndefined();
    expect(fs.statSync(path.join(scratch, 'outer')).mode & 0o777).toBe(0o700);
  });

  test('that another call creates at the same time is there for both', () => {
    const { mkdirSync } = fs;
    vi.spyOn(fs, 'mkdirSync').mockImplementation((folder, options) => {
      mkdirSync(folder, options); // the other call
      return mkdirSync(folder, options);
    });

    expect(makeFolder(path.join(scratch, 'folder'))).toBeUndefined();
    expect(fs.readdirSync(scratch)).toEqual(['folder']);
  });

  test('that cannot be created leaves none of those above it', () => {
    const { mkdirSync } = fs;
    vi.spyOn(fs, 'mkdirSync').mockImplementation((folder, options) => {
      if (String(folder).endsWith('inner'))
        throw Object.assign(new Error("EMFILE: too many open files, mkdir 'inner'"), { code: 'EMFILE' });
      return mkdirSync(folder, options);
    });

    expect(() => makeFolder(path.join(scratch, 'outer', 'inner'))).toThrow(
      expect.objectContaining({ code: 'WRITE_FAILED', message: expect.stringContaining('raise the limit (ulimit -n)') }),
    );
    expect(fs.readdirSync(scratch)).toEqual([]);
  });

  test.for([
    ['taken', 'FILE_EXISTS', /^Cannot write ".+\/taken": it already exists; /u],
    [
      'taken/inner',
      'WRITE_FAILED',
      /^Cannot write ".+\/taken\/inner": ENOTDIR: ".+\/taken" is not a directory; a part of the path is a file/u,
    ],
  ] as const)('in the place of a file, or below one (%s), is refused', ([name, code, message]) => {
    prepare();

    expect(() => makeFolder(path.join(scratch, name))).toThrow(expect.objectContaining({ code, message: expect.stringMatching(message) }));
    expect(fs.readFileSync(path.join(scratch, 'taken'), 'utf8')).toBe('mine');
  });
});

const source = new URL('../../../src/pki/files/new-file.ts', import.meta.url).href;
