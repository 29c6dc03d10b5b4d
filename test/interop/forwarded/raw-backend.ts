import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import type { HeaderLine } from '../../../src/forwarded/format.ts';

/** An HTTP/1.1 application that is only a socket: it records what a proxy sends octet for octet, which every HTTP library changes a little. */
export interface RawBackend extends AsyncDisposable {
  readonly port: number;
  /** The head of each request in order, from the request line to the empty line, an octet a character (latin1). */
  readonly heads: readonly string[];
}

/** Starts one on 127.0.0.1. It answers 200 to each request, with the head as the body, so that a client has that of its own request. Requests have no body. */
export async function startRawBackend(): Promise<RawBackend> {
  const heads: string[] = [];
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {}); // the proxy closed it: the client's own failure says the rest
    socket.on('close', () => sockets.delete(socket));
    let received = '';
    socket.on('data', (octets: Buffer) => {
      received += octets.toString('latin1');
      for (let end = received.indexOf(emptyLine); end >= 0; end = received.indexOf(emptyLine)) {
        const head = received.slice(0, end + emptyLine.length);
        received = received.slice(head.length);
        heads.push(head);
        socket.write(
          `HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: ${head.length}\r\n\r\n${head}`,
          'latin1',
        );
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port, // it listens on a port
    heads,
    async [Symbol.asyncDispose]() {
      server.close();
      for (const socket of sockets) socket.destroy();
      if (server.listening) await once(server, 'close');
    },
  };
}

/** The header lines of a recorded head, in order. A value is all that follows the colon and one space, with its blanks at both ends. Throws for a line that is not one. */
export function linesOfHead(head: string): readonly HeaderLine[] {
  const [, ...lines] = head.slice(0, -emptyLine.length).split('\r\n');
  return lines.map((line) => {
    const [, name, value] = /^([^:\s]+): ?(.*)$/su.exec(line) ?? [];
    if (name === undefined || value === undefined) throw new Error(`not a header line: ${JSON.stringify(line)}`);
    return [name, value];
  });
}

const emptyLine = '\r\n\r\n';
