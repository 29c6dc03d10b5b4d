import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { writeFiles } from '../../../src/report/outputs/write-files.ts';
import { temporaryFolder } from './temporary-folder.ts';

test('files are written with their folders, in place of earlier ones, and nothing is left beside them', () => {
  const folder = temporaryFolder();
  const file = path.join(folder, 'a/b/report.xml');
  const first = writeFiles([{ file, content: 'first' }]);
  const second = writeFiles([{ file, content: 'second' }]);

  expect([first, second]).toEqual([
    { written: [file], problems: [] },
    { written: [file], problems: [] },
  ]);
  expect(fs.readFileSync(file, 'utf8')).toBe('second');
  expect(fs.readdirSync(path.dirname(file))).toEqual(['report.xml']);
});

test('each file that cannot be written is one error, and the others are written all the same', () => {
  const folder = temporaryFolder();
  const at = (name: string): string => path.join(folder, name);
  fs.writeFileSync(at('file'), 'here');
  fs.mkdirSync(at('taken'));

  const { written, problems } = writeFiles([
    { file: at('file/below'), content: 'x' },
    { file: at('taken'), content: 'x' },
    { file: at('fine'), content: 'x' },
  ]);

  expect(written).toEqual([at('fine')]);
  expect(problems.map(({ code, facts }) => [code, 'path' in facts && facts.path])).toEqual([
    ['FILE_EXISTS', at('file')],
    ['WRITE_FAILED', at('taken')],
  ]);
  expect(problems.every(({ message }) => /^Cannot write ".+": [^\n]+; [^\n]+$/u.test(message))).toBe(true);
  expect(fs.readdirSync(folder).toSorted()).toEqual(['file', 'fine', 'taken']);
  expect(fs.readFileSync(at('file'), 'utf8')).toBe('here');
});

test('a link is written through, and stays a link', () => {
  const folder = temporaryFolder();
  const [file, link] = [path.join(folder, 'real'), path.join(folder, 'link')];
  fs.symlinkSync(file, link);

  expect(writeFiles([{ file: link, content: 'x' }]).problems).toEqual([]);
  expect(fs.lstatSync(link).isSymbolicLink()).toBe(true);
  expect(fs.readFileSync(file, 'utf8')).toBe('x');
});
