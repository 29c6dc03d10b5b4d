import { once } from 'node:events';
import http from 'node:http';
import http2 from 'node:http2';
import https from 'node:https';
import type { Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { startGateway } from '../../../src/forwarded/index.ts';
import { createPki } from '../../../src/pki/pki.ts';
import { mirror } from './application.ts';

const pki = createPki();
const alice = pki.client('alice');

/** A listening application with WebSockets, and the number of connections that are open to it. */
async function application(): Promise<{
  readonly server: http.Server;
  readonly open: () => number;
  readonly drained: () => Promise<void>;
}> {
  const server = http.createServer((request, response) => (request.url === '/never' ? undefined : mirror(request, response)));
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket) => socket.on('error', () => {}));
  let open = 0;
  let onDrained = (): void => {};
  server.on('connection', (socket) => {
    open += 1;
    socket.on('close', () => {
      open -= 1;
      if (open === 0) onDrained();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const drained = (): Promise<void> =>
    new Promise((resolve) => {
      onDrained = resolve;
      if (open === 0) resolve();
    });
  return { server, open: () => open, drained };
}

test('closing the gateway leaves no connection to the application: neither idle ones, nor requests without an answer, nor WebSockets', async () => {
  const { server, open, drained } = await application();
  const gateway = await startGateway({ pki, upstream: server, format: 'rfc9440' });
  const { host, port, ...material } = gateway.clientOptions(alice);
  const socket = new WebSocket(`wss://${host}:${port}/`, material);
  socket.on('error', () => {}); // the gateway ends it
  await once(socket, 'open');
  const idle = https.get({ ...gateway.clientOptions(alice), agent: false });
  const [answer] = (await once(idle, 'response')) as [http.IncomingMessage];
  await text(answer);
  const arrived = once(server, 'request');
  const waiting = https.get({ ...gateway.clientOptions(alice), agent: false, path: '/never' });
  const failed = once(waiting, 'error').catch(() => {});
  waiting.on('error', () => {}); // likewise
  await arrived;
  expect(open()).toBeGreaterThan(1);

  await gateway.close();
  await drained();
  await failed;

  expect(open()).toBe(0);
  expect(gateway.requests.map(({ path, status, error }) => [path, status, error])).toEqual([
    ['/', 101, undefined],
    ['/', 200, undefined],
    ['/never', undefined, undefined],
  ]);
});

test('a WebSocket that either end drops is dropped at the other', async () => {
  const { server, open, drained } = await application();
  await using gateway = await startGateway({ pki, upstream: server, format: 'rfc9440' });
  const { host, port, ...material } = gateway.clientOptions(alice);
  const connect = async (): Promise<WebSocket> => {
    const socket = new WebSocket(`wss://${host}:${port}/`, material);
    socket.on('error', () => {}); // dropped
    await once(socket, 'open');
    return socket;
  };

  const dropped = await connect();
  dropped.terminate();
  await drained();
  expect(open()).toBe(0);

  const opened = once(server, 'connection') as Promise<[Socket]>;
  const other = await connect();
  const [ofServer] = await opened;
  const closed = once(other, 'close');
  ofServer.resetAndDestroy();
  await closed;
});

test('HTTP/2: many requests at once on one connection are each forwarded, and one that is given up does not disturb the others', async () => {
  const { server } = await application();
  await using gateway = await startGateway({ pki, upstream: server, format: 'rfc9440' });
  const session = http2.connect(gateway.url, gateway.clientOptions(alice));
  onTestFinished(() => session.destroy());
  const arrived = once(server, 'request');
  const givenUp = session.request({ ':path': '/never' });
  givenUp.on('error', () => {}); // given up
  await arrived;

  const others = Array.from({ length: 20 }, (_, index) => session.request({ ':path': `/${index}` }));
  givenUp.close(http2.constants.NGHTTP2_CANCEL);
  const answers = await Promise.all(others.map(async (stream) => JSON.parse(await text(stream)) as { url: string }));

  expect(answers.map(({ url }) => url)).toEqual(others.map((_, index) => `/${index}`));
  expect(gateway.requests.filter(({ error }) => error !== undefined)).toEqual([]);
});
