// What passes over the connections of a gateway: HTTP/2, WebSockets, streams, sessions, and their end.
import http from 'node:http';
import http2 from 'node:http2';
import https from 'node:https';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import type { TLSSocket } from 'node:tls';
import { expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { linesOf, mirror, type Received } from './application.ts';
import { alice, ask, bob, expectedOf, named, start } from './rfc9440-gateway.ts';

test('HTTP/2: the same, with a body that is streamed both ways', async () => {
  await using gateway = await start();
  const session = http2.connect(gateway.url, gateway.clientOptions(alice));
  const stream = session.request({ ':method': 'POST', ':path': '/upload', 'client-cert': ':Zm9yZ2Vk:', cookie: 'a=1' });
  stream.write('first ');
  stream.end('second');

  const received = JSON.parse(await text(stream)) as Received;
  session.close();

  expect(named(received)).toEqual(expectedOf(alice));
  expect(received).toMatchObject({ method: 'POST', url: '/upload', body: 'first second' });
  expect(linesOf(received, 'host')).toEqual([new URL(gateway.url).host]);
  expect(gateway.requests).toMatchObject([{ protocol: 'HTTP/2', status: 200, certificate: { commonName: 'alice' } }]);
});

test('a WebSocket is opened with the header set, and carries messages both ways', async () => {
  const server = http.createServer();
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket, request) => {
    socket.send(JSON.stringify(request.rawHeaders));
    socket.on('message', (message) => socket.send(`echo ${message.toString()}`));
  });
  await using gateway = await start({ upstream: server });
  const { host, port, ...material } = gateway.clientOptions(alice);
  const socket = new WebSocket(`wss://${host}:${port}/chat`, { ...material, headers: { 'Client-Cert': ':Zm9yZ2Vk:' } });

  const [first] = (await once(socket, 'message')) as [Buffer];
  socket.send('hello');
  const [second] = (await once(socket, 'message')) as [Buffer];
  socket.close();
  await once(socket, 'close');

  expect(linesOf({ rawHeaders: JSON.parse(String(first)) as string[] }, 'client-cert')).toEqual(expectedOf(alice)['Client-Cert']);
  expect(String(second)).toBe('echo hello');
  expect(gateway.requests).toMatchObject([{ path: '/chat', status: 101, certificate: { commonName: 'alice' } }]);
});

test('bodies are streamed: the application gets the first part before the client has sent the last, and the client likewise', async () => {
  await using gateway = await start({
    upstream: (request: http.IncomingMessage, response: http.ServerResponse) => {
      request.on('data', (chunk: Buffer) => response.write(`got ${String(chunk)};`));
      request.on('end', () => response.end('end'));
    },
  });
  const request = https.request({ ...gateway.clientOptions(alice), agent: false, method: 'POST' });
  request.write('one');
  const [response] = (await once(request, 'response')) as [http.IncomingMessage];
  const [first] = (await once(response, 'data')) as [Buffer];

  request.end('two');
  const rest = await text(response);

  expect(String(first)).toBe('got one;');
  expect(rest).toBe('got two;end');
});

test('headers are sent before a body that has not begun, as event streams need it', async () => {
  const { promise: answered, resolve } = Promise.withResolvers<undefined>();
  await using gateway = await start({
    upstream: (_request: http.IncomingMessage, response: http.ServerResponse) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
      void answered.then(() => response.end('data: 1\n\n'));
    },
  });
  const request = https.get({ ...gateway.clientOptions(alice), agent: false });

  const [response] = (await once(request, 'response')) as [http.IncomingMessage];
  resolve(undefined);

  expect(response.headers['content-type']).toBe('text/event-stream');
  expect(await text(response)).toBe('data: 1\n\n');
});

test('one connection to the application serves two clients, each of which is named for its own requests', async () => {
  const ports = new Set<number | undefined>();
  await using gateway = await start({
    upstream: (request: http.IncomingMessage, response: http.ServerResponse) => {
      ports.add(request.socket.remotePort);
      mirror(request, response);
    },
  });

  const answers = [];
  for (const identity of [alice, bob, alice]) answers.push(named((await ask(gateway, identity)).received));

  expect(answers).toEqual([expectedOf(alice), expectedOf(bob), expectedOf(alice)]);
  expect(ports.size).toBe(1);
});

test('a session that is resumed names the client that it was made for', async () => {
  await using gateway = await start({ maxVersion: 'TLSv1.2' });
  const agent = new https.Agent({ keepAlive: false, maxCachedSessions: 10 });

  await ask(gateway, alice, { agent });
  const { received } = await ask(gateway, alice, { agent });

  expect(gateway.handshakes.map(({ resumed }) => resumed)).toEqual([false, true]);
  expect(linesOf(received, 'client-cert')).toEqual(expectedOf(alice)['Client-Cert']);
});

test('renegotiation is refused: a connection has one client', async () => {
  await using gateway = await start({ maxVersion: 'TLSv1.2' });
  const request = https.request({ ...gateway.clientOptions(alice), agent: false });
  const [socket] = (await once(request, 'socket')) as [TLSSocket];
  await once(socket, 'secureConnect');

  const ended = once(socket, 'close');
  socket.renegotiate({}, () => {});
  request.on('error', () => {});
  await ended;

  expect(gateway.requests).toEqual([]);
});

test('closing it ends every connection, those to the application included, and what it listened with', async () => {
  const server = http.createServer(mirror);
  const gateway = await start({ upstream: server });
  const agent = new https.Agent({ keepAlive: true });
  await ask(gateway, alice, { agent });
  const { promise: closed, resolve } = Promise.withResolvers<undefined>();
  server.on('close', () => resolve(undefined));

  await gateway.close();
  await closed;
  agent.destroy();

  expect(server.listening).toBe(false);
  expect(gateway.server.listening).toBe(false);
});
