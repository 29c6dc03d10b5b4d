import { once } from 'node:events';
import net from 'node:net';
import tls from 'node:tls';
import { Capture, type CapturedChunk, type Side } from '../../../src/wire/tap/capture.ts';
import type { StreamEnd } from '../../../src/wire/decode/stream-end.ts';
import { recordsOf, type TlsRecord } from '../../../src/wire/records/tls-record.ts';

/** What passed between a client and a server, and the secrets to read it with. */
export interface RecordedConnection {
  readonly chunks: readonly CapturedChunk[];
  readonly records: readonly TlsRecord[];
  readonly ends: readonly StreamEnd[];
  /** The lines of both ends' `keylog` events: a server that refuses a client never makes all secrets. */
  readonly keyLog: readonly string[];
  readonly client: { readonly address: string; readonly port: number };
  readonly server: { readonly address: string; readonly port: number };
}

/** Where a client goes, and where its `keylog` events go. */
export interface RecordedEndpoint {
  readonly host: string;
  readonly port: number;
  readonly takeKeyLog: (line: Buffer) => void;
}

/** Starts the server, lets the client come through a recording proxy, and gives what passed once both have left. */
export async function recordConnection(
  server: tls.Server,
  visit: (endpoint: RecordedEndpoint) => Promise<void>,
): Promise<RecordedConnection> {
  const keyLog: string[] = [];
  const takeKeyLog = (line: Buffer): void => void keyLog.push(line.toString('latin1'));
  server.on('keylog', takeKeyLog);
  server.on('tlsClientError', () => {});
  if (!server.listening) await once(server.listen(0, '127.0.0.1'), 'listening');
  const serverPort = portOf(server);
  const capture = new Capture();
  const ends: StreamEnd[] = [];
  const closed = Promise.withResolvers<number>();
  const proxy = net.createServer({ allowHalfOpen: true }, (client) => {
    const upstream = net.connect({ port: serverPort, host: '127.0.0.1', allowHalfOpen: true });
    const clientPort = client.remotePort ?? 0;
    pass('client', client, upstream);
    pass('server', upstream, client);
    void Promise.all([closeOf(client), closeOf(upstream)]).then(() => closed.resolve(clientPort));
  });
  const pass = (sentBy: Side, from: net.Socket, to: net.Socket): void => {
    from.on('data', (bytes: Buffer) => {
      capture.add(sentBy, bytes);
      to.write(bytes);
    });
    from.on('end', () => {
      ends.push({ sentBy, how: 'end', atMs: capture.elapsed() });
      to.end();
    });
    from.on('error', () => {
      ends.push({ sentBy, how: 'reset', atMs: capture.elapsed() });
      to.resetAndDestroy();
    });
  };
  await once(proxy.listen(0, '127.0.0.1'), 'listening');
  try {
    await visit({ host: '127.0.0.1', port: portOf(proxy), takeKeyLog });
    const clientPort = await closed.promise;
    const { chunks } = capture;
    const addresses = { client: { address: '127.0.0.1', port: clientPort }, server: { address: '127.0.0.1', port: serverPort } };
    return { chunks, records: recordsOf(chunks), ends, keyLog, ...addresses };
  } finally {
    proxy.close();
    server.close();
  }
}

/** A client that says hello, reads the echo and leaves; it is gone when this resolves, however it fared. Gives its session for the next visit. */
export async function sayHello({ takeKeyLog, ...options }: tls.ConnectionOptions & Partial<RecordedEndpoint>): Promise<Buffer | undefined> {
  const socket = tls.connect({ servername: 'localhost', ...options });
  let session: Buffer | undefined;
  if (takeKeyLog) socket.on('keylog', takeKeyLog);
  socket.on('session', (ticket) => (session = ticket));
  socket.on('secureConnect', () => socket.write('hello'));
  socket.on('data', () => socket.end());
  socket.on('error', () => {});
  await closeOf(socket);
  return session;
}

/** A server that sends back what it is sent. */
export function echo(options: tls.TlsOptions): tls.Server {
  const server = tls.createServer(options, (socket) => {
    socket.on('error', () => {});
    socket.pipe(socket);
  });
  return server;
}

async function closeOf(socket: net.Socket): Promise<void> {
  if (socket.closed) return;
  await new Promise<void>((resolve) => {
    socket.on('close', () => resolve());
  });
}

function portOf(server: net.Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return address.port;
}
