import { expect, test } from 'vitest';
import { keyLogText } from './key-log-text.ts';

const line = `CLIENT_RANDOM ${'0a'.repeat(32)} ${'FF'.repeat(48)}`;
const another = `SERVER_TRAFFIC_SECRET_0 ${'0b'.repeat(32)} ${'00'.repeat(48)}`;

test('lines as Node gives them become a file with each once', () => {
  expect(keyLogText([Buffer.from(`${line}\n`), `${another}\r\n${line}`, another])).toBe(`${line}\n${another}\n`);
});

test('what is not a line of a key log is left out', () => {
  expect(keyLogText(['', '# comment', 'CLIENT_RANDOM', `CLIENT_RANDOM ${'0a'.repeat(31)} 00`, `LABEL\0 ${'0a'.repeat(32)} 00`, line])).toBe(
    `${line}\n`,
  );
});

test('no lines are an empty text', () => {
  expect(keyLogText([])).toBe('');
});
