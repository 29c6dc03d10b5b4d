import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeReport } from '../../src/report/write-report.ts';

let folder = '';
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'write-report-test-'));
});
afterEach(() => {
  fs.rmSync(folder, { recursive: true });
});

test('a report takes the place of an earlier one, and nothing else is left in the folder', () => {
  const file = path.join(folder, 'new', 'report.html');

  writeReport(file, 'first');
  writeReport(file, 'second');

  expect(fs.readFileSync(file, 'utf8')).toBe('second');
  expect(fs.readdirSync(path.dirname(file))).toEqual(['report.html']);
});

test('a link is followed, as it is to another file', () => {
  const file = path.join(folder, 'report.html');
  fs.writeFileSync(file, 'first');
  fs.symlinkSync(file, path.join(folder, 'latest.html'));

  writeReport(path.join(folder, 'latest.html'), 'second');

  expect(fs.readFileSync(file, 'utf8')).toBe('second');
  expect(fs.lstatSync(path.join(folder, 'latest.html')).isSymbolicLink()).toBe(true);
});

test.for<[what: string, name: string, code: string, why: string]>([
  ['a folder', '.', 'WRITE_FAILED', ': EISDIR: '],
  ['a file in what is a file', 'taken/report.html', 'FILE_EXISTS', 'taken": it already exists'],
  ['a file below what is a file', 'taken/deep/report.html', 'WRITE_FAILED', 'taken/deep": ENOTDIR: '],
  ['a name that is too long', 'x'.repeat(300), 'WRITE_FAILED', ': ENAMETOOLONG: '],
  ['a link to itself', 'loop', 'WRITE_FAILED', ': ELOOP: '],
  ['a file in a folder that is a link to itself', 'loop/report.html', 'WRITE_FAILED', ': ELOOP: '],
])('%s is one error of ours, and nothing is left', ([, name, code, why]) => {
  fs.writeFileSync(path.join(folder, 'taken'), 'mine');
  fs.symlinkSync('loop', path.join(folder, 'loop'));
  const before = fs.readdirSync(folder);

  expect(() => {
    writeReport(path.join(folder, name), 'text');
  }).toThrow(expect.objectContaining({ code, message: expect.stringContaining(why) }));
  expect(fs.readdirSync(folder)).toEqual(before);
  expect(fs.readFileSync(path.join(folder, 'taken'), 'utf8')).toBe('mine');
});

test.runIf(fs.existsSync('/dev/full'))('a full device is named as such', () => {
  fs.symlinkSync('/dev/full', path.join(folder, 'report.html'));

  expect(() => {
    writeReport(path.join(folder, 'report.html'), 'text');
  }).toThrow(
    expect.objectContaining({
      code: 'WRITE_FAILED',
      message: `Cannot write "${path.join(folder, 'report.html')}": ENOSPC: no space left on device; free some space, or choose another place`,
    }),
  );
});
