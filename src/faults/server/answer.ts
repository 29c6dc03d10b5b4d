import type { Duplex } from 'node:stream';
import { isHttpRequest, mayBecomeHttpRequest } from '../fault-bytes.ts';

/** What a server behind a fault does by default: answers an HTTP request, echoes anything else. */
export function answer(stream: Duplex): void {
  onFirstMessage(stream, (message) => {
    if (isHttpRequest(message)) {
      stream.end(response);
      return;
    }
    stream.write(message);
    stream.pipe(stream);
  });
}

/** Calls back once: with the whole head of an HTTP request, or with the first bytes that are not one. */
export function onFirstMessage(stream: Duplex, callback: (message: Buffer) => void): void {
  let received = Buffer.alloc(0);
  const onData = (chunk: Buffer): void => {
    received = Buffer.concat([received, chunk]);
    if (!isHttpRequest(received) && mayBecomeHttpRequest(received)) return;
    stream.off('data', onData);
    callback(received);
  };
  stream.on('data', onData);
}

/** The head of an answer, without the fields that say how long its body is and the empty line. */
export function headOf(type: string): string {
  return `HTTP/1.1 200 OK\r\nContent-Type: ${type}\r\nConnection: close\r\n`;
}

const response = `${headOf('text/plain')}Content-Length: 5\r\n\r\nwhole`;
