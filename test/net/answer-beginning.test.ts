import { describe, expect, test } from 'vitest';
import { type AnswerBeginning, beginningOf, describeBeginning, isUnclear } from '../../src/net/answer-beginning.ts';

const answers: readonly (readonly [what: string, octets: string, beginning: AnswerBeginning])[] = [
  ['a status line', 'HTTP/1.1 200 OK\r\n', { kind: 'http', line: 'HTTP/1.1 200 OK', status: 200 }],
  ['one of HTTP/1.0 without a reason', 'HTTP/1.0 403\r\n\r\n', { kind: 'http', line: 'HTTP/1.0 403', status: 403 }],
  ['one with an empty reason', 'HTTP/1.1 421 \r\n\r\n', { kind: 'http', line: 'HTTP/1.1 421 ', status: 421 }],
  [
    'lines that end in line feeds alone',
    'HTTP/1.1 100 Continue\n\nHTTP/1.1 403 No\n',
    { kind: 'http', line: 'HTTP/1.1 403 No', status: 403 },
  ],
  [
    'interim responses before it',
    'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 421 Misdirected Request\r\n',
    { kind: 'http', line: 'HTTP/1.1 421 Misdirected Request', status: 421 },
  ],
  [
    '101, which is final',
    'HTTP/1.1 101 Switching Protocols\r\n\r\n',
    { kind: 'http', line: 'HTTP/1.1 101 Switching Protocols', status: 101 },
  ],
  ['nothing', '', { kind: 'incomplete', line: '' }],
  ['the beginning of the name', 'HTT', { kind: 'incomplete', line: 'HTT' }],
  ['a line that is cut', 'HTTP/1.1 200 O', { kind: 'incomplete', line: 'HTTP/1.1 200 O' }],
  ['a line that is cut before its line feed', 'HTTP/1.1 200 OK\r', { kind: 'incomplete', line: 'HTTP/1.1 200 OK\r' }],
  ['an interim response alone', 'HTTP/1.1 100 Continue\r\n\r\n', { kind: 'incomplete', line: 'HTTP/1.1 100 Continue' }],
  ['an interim response with a cut line behind it', 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 4', { kind: 'incomplete', line: 'HTTP/1.1 4' }],
  [
    'the fields of an interim response that go on',
    'HTTP/1.1 103 Early Hints\r\nLink: <',
    { kind: 'incomplete', line: 'HTTP/1.1 103 Early Hints' },
  ],
  ['a line without a status', 'HTTP/1.1 OK\r\n', { kind: 'malformed', line: 'HTTP/1.1 OK' }],
  ['a status of two digits', 'HTTP/1.1 40 Forbidden\r\n', { kind: 'malformed', line: 'HTTP/1.1 40 Forbidden' }],
  ['a status of four digits', 'HTTP/1.1 2000 OK\r\n', { kind: 'malformed', line: 'HTTP/1.1 2000 OK' }],
  ['another protocol', '220 mail.test ESMTP\r\n', { kind: 'other', line: '220 mail.test ESMTP' }],
  ['another protocol whose line goes on', '+PON', { kind: 'other', line: '+PON' }],
  ['a word that begins as the name does', 'HTML\r\n', { kind: 'other', line: 'HTML' }],
];

describe('the beginning of an answer', () => {
  test.for(answers)('is read from %s', ([, octets, beginning]) => {
    expect(beginningOf(Buffer.from(octets))).toEqual(beginning);
  });

  test.for(answers.filter(([, , { kind }]) => kind === 'http'))('is never told before it is whole: %s', ([, octets, { line }]) => {
    const end = octets.indexOf(line) + line.length;
    const kinds = Array.from({ length: end + 1 }, (_, length) => beginningOf(Buffer.from(octets.slice(0, length))).kind);

    expect(new Set(kinds)).toEqual(new Set(['incomplete']));
  });
});

test.for([
  ['a line', `HTTP/1.1 200 ${'O'.repeat(2 ** 16)}`],
  ['interim responses', 'HTTP/1.1 102 Processing\r\n\r\n'.repeat(4000)],
  ['the fields of one', `HTTP/1.1 103 Early Hints\r\n${'Link: </a>\r\n'.repeat(8000)}`],
] as const)('%s without end shows nothing', ([, octets]) => {
  const beginning = beginningOf(Buffer.from(octets));

  expect(beginning.kind).toBe('malformed');
  expect(beginning.line.length).toBeLessThanOrEqual(200);
});

test.for([
  ['HTTP/1.1 403 Forbidden\r\n', false, '"HTTP/1.1 403 Forbidden"'],
  ['+PONG\r\n', false, '"+PONG"'],
  ['HTTP/1.1 4', true, '"HTTP/1.1 4", which is not a whole answer in HTTP'],
  ['HTTP/1.1 OK\r\n', true, '"HTTP/1.1 OK", which is not a whole answer in HTTP'],
] as const)('%j is unclear: %s', ([octets, unclear, words]) => {
  const beginning = beginningOf(Buffer.from(octets));

  expect(isUnclear(beginning)).toBe(unclear);
  expect(describeBeginning(beginning)).toBe(words);
});
