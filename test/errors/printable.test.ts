import { expect, test } from 'vitest';
import { printable, printableJson, printableLines } from '../../src/errors/printable.ts';

test.for([
  ['alice, Ümit, 愛', 'alice, Ümit, 愛'],
  ['a\r\nb\tc', 'a??b?c'],
  ['\u001b[2Jgone', '?[2Jgone'],
  ['\u009b2J\u0085\u007f\0', '?2J???'],
  ['\u202ecilla\u202c', '?cilla?'],
  ['\u2066a\u2069\u200e\u200f\u061c', '?a????'],
  ['ali\u200bce\u200d\u2060\ufeff\u00ad', 'ali?ce????'],
  ['one\u2028two\u2029three', 'one?two?three'],
  ['a\u3164\u115f\ufe0f\u{e0041}\u2800', 'a?????'],
  ['\ud83d alone', '? alone'],
] as const)('%j is printed as %j', ([text, printed]) => {
  expect(printable(text)).toBe(printed);
});

test('text of several lines keeps its lines', () => {
  expect(printableLines('one\ntwo\u202e\r')).toBe('one\ntwo??');
});

test('JSON stays the same value, with escapes for what does not print', () => {
  const value = { name: 'a\u202eb\u200b\u{e0041}\u0085', list: [1, 'ü'] };

  const json = printableJson(JSON.stringify(value, null, 2));

  expect(JSON.parse(json)).toEqual(value);
  expect(json).toMatch(/a\\u202eb\\u200b\\udb40\\udc41\\u0085/u);
  expect(json).toContain('ü');
});
