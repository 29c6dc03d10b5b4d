import { expect, test } from 'vitest';
import { columnsOf, foldWords } from '../../../src/cli/output/lines.ts';

const text = 'rejected by the server: CERT_HAS_EXPIRED (alert certificate_expired), after 12 records';

test.for([1, 20, 40, 60, 80, 200])('text in %i columns has the same words, and no line is wider unless it is one word', (width) => {
  const lines = foldWords(text, width, { indent: 2 }).split('\n');

  expect(lines.join(' ').split(/ +/u)).toEqual(text.split(' '));
  expect(lines.filter((line) => columnsOf(line) > width && line.trim().includes(' '))).toEqual([]);
});

test('lines after the first are indented, and the indentation of the first stays', () => {
  expect(foldWords('  one two three', 9, { indent: 4 })).toBe('  one two\n    three');
});

test('each line of a text is broken by itself', () => {
  expect(foldWords('one two\n\nthree', 5)).toBe('one\ntwo\n\nthree');
});

test('text without a width, and text that fits, stay as they are', () => {
  expect(foldWords(text, undefined)).toBe(text);
  expect(foldWords('a  b', 4)).toBe('a  b');
});

test('colors take no columns', () => {
  expect(foldWords('\u001b[31mred\u001b[39m two', 7)).toBe('\u001b[31mred\u001b[39m two');
});

test('other places to break at can be given', () => {
  expect(foldWords('AA:BB:CC:DD', 6, { after: /:/u })).toBe('AA:BB:\nCC:DD');
});
