import { expect, test } from 'vitest';
import { encodeRequest } from '../../../../src/scenarios/run/forwarded/encode-request.ts';

const asked = { method: 'GET', path: '/a', host: 'localhost', headers: { accept: '*/*' }, body: new Uint8Array() };
const forged = [['Client-Cert', ':AA==:']] as const;
const textOf = (...parameters: Parameters<typeof encodeRequest>): string => encodeRequest(...parameters).toString('latin1');

test("lines are sent as they are, after the application's own, and the last request closes", () => {
  expect(
    textOf(
      asked,
      {
        lines: [
          ['X_a', '\u{e4}\0'],
          ['X_a', 'b'],
        ],
      },
      { closes: true },
    ),
  ).toBe('GET /a HTTP/1.1\r\nHost: localhost\r\naccept: */*\r\nX_a: \u{e4}\0\r\nX_a: b\r\nConnection: close\r\n\r\n');
});

test('HTTP/1.0 says that it goes on, beside the names that it lists', () => {
  expect(textOf(asked, { lines: [], http: '1.0', connection: ['Client-Cert'] }, { closes: false })).toBe(
    'GET /a HTTP/1.0\r\nHost: localhost\r\naccept: */*\r\nConnection: keep-alive, Client-Cert\r\n\r\n',
  );
});

test('trailers follow a body in chunks', () => {
  expect(textOf({ ...asked, method: 'POST', body: Buffer.from('body') }, { lines: [], trailers: forged }, { closes: true })).toBe(
    'POST /a HTTP/1.1\r\nHost: localhost\r\naccept: */*\r\nTransfer-Encoding: chunked\r\nTrailer: Client-Cert\r\nConnection: close\r\n\r\n4\r\nbody\r\n0\r\nClient-Cert: :AA==:\r\n\r\n',
  );
});

test.for([
  ['length-then-chunks', 'Content-Length: 99\r\nTransfer-Encoding: chunked', '0\r\n\r\nGET /a'],
  ['chunks-then-length', 'Content-Length: 4\r\nTransfer-Encoding: chunked', '5e\r\nGET /a'],
  ['two-lengths', 'Content-Length: 0\r\nContent-Length: 94', 'GET /a'],
] as const)('a request is smuggled by %s, and the connection ends in any case', ([how, framing, body]) => {
  const text = textOf(asked, { lines: [], smuggles: { how, lines: forged } }, { closes: true });
  const inner = 'GET /a HTTP/1.1\r\nHost: localhost\r\naccept: */*\r\nClient-Cert: :AA==:\r\nConnection: keep-alive\r\n\r\n';

  expect(text).toContain(`${framing}\r\nConnection: keep-alive\r\n\r\n${body}`);
  expect(text).toContain(inner);
  expect(text.endsWith('GET /a HTTP/1.1\r\nHost: localhost\r\naccept: */*\r\nConnection: close\r\n\r\n')).toBe(true);
});
