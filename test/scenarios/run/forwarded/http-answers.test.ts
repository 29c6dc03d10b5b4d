import { expect, test } from 'vitest';
import { HttpAnswerReader } from '../../../../src/scenarios/run/forwarded/http-answers.ts';

test.for<readonly [what: string, octets: string, answers: readonly object[]]>([
  [
    'a body of a length',
    'HTTP/1.1 200 OK\r\nContent-Length: 6\r\nX-Client: a\r\nX-Client: b\r\n\r\nclient',
    [{ status: 200, headers: { 'content-length': '6', 'x-client': 'a, b' }, body: 'client' }],
  ],
  [
    'a body in chunks, with a trailer',
    'HTTP/1.1 403 Forbidden\r\nTransfer-Encoding: chunked\r\n\r\n3\r\ncli\r\n3;a=1\r\nent\r\n0\r\nX-End: a\r\n\r\n',
    [{ status: 403, headers: { 'transfer-encoding': 'chunked' }, body: 'client' }],
  ],
  ['no body by its status', 'HTTP/1.1 204 No Content\r\n\r\n', [{ status: 204, headers: {}, body: '' }]],
  [
    'an interim answer before it',
    'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 401 \r\nContent-Length: 0\r\n\r\n',
    [{ status: 401, headers: { 'content-length': '0' }, body: '' }],
  ],
  [
    'one after the other',
    'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.0 400 Bad Request\r\nContent-Length: 0\r\n\r\n',
    [
      { status: 200, headers: { 'content-length': '2' }, body: 'ok' },
      { status: 400, headers: { 'content-length': '0' }, body: '' },
    ],
  ],
  [
    'an answer that switches protocols',
    'HTTP/1.1 101 Switching Protocols\r\nUpgrade: a\r\n\r\n',
    [{ status: 101, headers: { upgrade: 'a' }, body: '' }],
  ],
  ['text that is not HTTP', 'SSH-2.0-OpenSSH\r\n\r\n', []],
])('%s is read, however the octets arrive', ([, octets, answers]) => {
  const atOnce = new HttpAnswerReader().read(Buffer.from(octets));
  const reader = new HttpAnswerReader();
  const oneByOne = Array.from(Buffer.from(octets)).flatMap((octet) => reader.read(Uint8Array.of(octet)));

  expect(atOnce).toEqual(answers);
  expect(oneByOne).toEqual(answers);
});

test('a body without a length ends with the connection, and one that is cut off is not an answer', () => {
  const whole = new HttpAnswerReader();
  const cut = new HttpAnswerReader();

  expect(whole.read(Buffer.from('HTTP/1.1 200 OK\r\n\r\nclient'))).toEqual([]);
  expect(whole.end()).toEqual({ status: 200, headers: {}, body: 'client' });
  expect(cut.read(Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nclient'))).toEqual([]);
  expect(cut.end()).toBe(undefined);
});
