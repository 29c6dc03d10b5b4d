import net from 'node:net';
import { expect, test } from 'vitest';
import { RawConnection } from '../../../../src/scenarios/run/forwarded/raw-connection.ts';
import { listening } from '../../../faults/node-peers.ts';

test.for([
  ['nothing', [], { kind: 'closed', words: 'the connection was closed with no answer' }],
  ['what is not HTTP', ['SSH-2.0\r\n'], { kind: 'closed', words: expect.stringContaining('"SSH-2.0') }],
  ['part of a status line', ['HTTP/1.1 4'], { kind: 'cut', words: 'the connection was closed within the answer "HTTP/1.1 4"' }],
  ['part of a head', ['HTTP/1.1 2', '00 OK\r\nServer: a\r\n'], { kind: 'cut', status: 200 }],
  ['part of a body', ['HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n', 'clie'], { kind: 'cut', status: 200 }],
  ['part of the chunks', ['HTTP/1.1 403 No\r\nTransfer-Encoding: chunked\r\n\r\n', '4\r\nclie'], { kind: 'cut', status: 403 }],
  ['a whole answer', ['HTTP/1.1 403 No\r\nContent-Length: 2\r\n\r\n', 'no'], { status: 403, body: 'no' }],
] as const)('a connection that ends after %s', async ([, parts, seen]) => {
  const port = await listening(
    net.createServer((socket) => {
      for (const part of parts) socket.write(part);
      socket.end();
    }),
  );
  const connection = await RawConnection.open({ host: '127.0.0.1', port }, 5000);

  expect(await connection.next(5000)).toMatchObject(seen);

  connection.close();
});
