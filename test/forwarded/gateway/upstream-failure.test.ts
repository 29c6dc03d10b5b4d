import http from 'node:http';
import http2 from 'node:http2';
import https from 'node:https';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { type Gateway, type GatewayOptions, startGateway, type Upstream } from '../../../src/forwarded/index.ts';
import { createPki } from '../../../src/pki/pki.ts';
import { answering, mirror } from './application.ts';

const pki = createPki();
const alice = pki.client('alice');

async function start(upstream: Upstream, options: Partial<GatewayOptions> = {}): Promise<Gateway> {
  const gateway = await startGateway({ pki, upstream, format: 'rfc9440', ...options });
  onTestFinished(() => gateway.close());
  return gateway;
}

async function ask(gateway: Gateway, options: https.RequestOptions = {}): Promise<{ status: number | undefined; body: string }> {
  const request = https.get({ ...gateway.clientOptions(alice), agent: false, ...options });
  const [response] = (await once(request, 'response')) as [http.IncomingMessage];
  return { status: response.statusCode, body: await text(response) };
}

/** How an answer ends that is cut: the error of its reader. */
async function cutAnswer(gateway: Gateway): Promise<string> {
  const request = https.get({ ...gateway.clientOptions(alice), agent: false });
  try {
    const [response] = (await once(request, 'response')) as [http.IncomingMessage];
    await text(response);
    return 'complete';
  } catch (error) {
    return String((error as NodeJS.ErrnoException).code);
  }
}

/** A port on which nothing listens any more. */
async function deadPort(): Promise<number> {
  const server = http.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

const garbage = 'SSH-2.0-OpenSSH_9.2\r\n';
const early = 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf';

test('an upstream that is down: 502, with the code for the client to read and the error in the record', async () => {
  const port = await deadPort();
  const gateway = await start({ host: '127.0.0.1', port });

  const { status, body } = await ask(gateway, { path: '/a' });

  expect(status).toBe(502);
  expect(body).toMatch(/^UPSTREAM_FAILED: Cannot forward the request to "127\.0\.0\.1:\d+"/u);
  expect(gateway.requests).toMatchObject([
    {
      path: '/a',
      status: 502,
      error: { code: 'UPSTREAM_FAILED', facts: { upstream: `127.0.0.1:${port}` }, cause: { code: 'ECONNREFUSED' } },
    },
  ]);
});

test('an upstream that answers with what is not HTTP: 502', async () => {
  const gateway = await start({ host: '127.0.0.1', port: await answering(garbage) });

  expect(await ask(gateway)).toMatchObject({ status: 502, body: expect.stringMatching(/^UPSTREAM_INVALID: /u) as string });
  expect(gateway.requests).toMatchObject([{ status: 502, error: { code: 'UPSTREAM_INVALID' } }]);
});

test('an upstream that closes the connection instead of an answer: 502', async () => {
  const gateway = await start({ host: '127.0.0.1', port: await answering('') });

  expect(await ask(gateway)).toMatchObject({
    status: 502,
    body: expect.stringMatching(/^UPSTREAM_ENDED: .*before it answered/u) as string,
  });
  expect(gateway.requests).toMatchObject([{ status: 502, error: { code: 'UPSTREAM_ENDED' } }]);
});

test.for<[what: string, octets: string, code: string]>([
  ['ends early', early, 'UPSTREAM_ENDED'],
  ['becomes garbage', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\nzzz\r\n', 'UPSTREAM_INVALID'],
])('an answer that %s is cut for the client too, which can tell', async ([, octets, code]) => {
  const gateway = await start({ host: '127.0.0.1', port: await answering(octets) });

  expect(await cutAnswer(gateway)).toBe('ECONNRESET');
  expect(gateway.requests).toMatchObject([{ error: { code } }]);
});

test('HTTP/2: an answer that ends early resets the stream', async () => {
  const gateway = await start({ host: '127.0.0.1', port: await answering(early) });
  const session = http2.connect(gateway.url, gateway.clientOptions(alice));
  onTestFinished(() => session.destroy());
  const stream = session.request({ ':path': '/' });
  const failure = once(stream, 'error');
  stream.resume();
  await Promise.race([failure.catch(() => {}), once(stream, 'close').catch(() => {})]);

  expect(stream.rstCode).toBe(http2.constants.NGHTTP2_INTERNAL_ERROR);
  expect(gateway.requests).toMatchObject([{ protocol: 'HTTP/2', status: 200, error: { code: 'UPSTREAM_ENDED' } }]);
});

test.for<[what: string, handler: () => unknown]>([
  [
    'throws',
    () => {
      throw new Error('no such row');
    },
  ],
  ['rejects', () => Promise.reject(new Error('no such row'))],
])('a handler that %s: 500, and the error is in the record of its own request', async ([, handler]) => {
  const gateway = await start((request, response) => (request.url === '/bad' ? handler() : mirror(request, response)));

  const [control, bad] = await Promise.all([ask(gateway), ask(gateway, { path: '/bad' })]);

  expect([control.status, bad.status]).toEqual([200, 500]);
  const byPath = Object.fromEntries(gateway.requests.map((request) => [request.path, request]));
  expect(byPath['/']).toMatchObject({ status: 200, error: undefined });
  expect(byPath['/bad']).toMatchObject({ status: 500, error: { code: 'UPSTREAM_THREW', cause: { message: 'no such row' } } });
});

test('a handler that throws within its answer cuts it', async () => {
  const gateway = await start((_request, response) => {
    response.writeHead(200).write('half');
    throw new Error('no such row');
  });

  expect(await cutAnswer(gateway)).toBe('ECONNRESET');
  expect(gateway.requests).toMatchObject([{ status: 200, error: { code: 'UPSTREAM_THREW' } }]);
});

test('headers that are too large for the application: its 431, with a code', async () => {
  const gateway = await start(http.createServer({ maxHeaderSize: 1024 }, mirror));
  const control = await start(http.createServer(mirror));

  expect(await ask(gateway)).toMatchObject({ status: 431 });
  expect(await ask(control)).toMatchObject({ status: 200 });
  expect(gateway.requests).toMatchObject([
    { status: 431, error: { code: 'FORWARDED_TOO_LARGE', facts: { octets: expect.any(Number) as number } } },
  ]);
});

test.for<[what: string, upstream: () => Promise<Upstream>, status: number, code: string | undefined]>([
  ['an upstream that is down', async () => ({ host: '127.0.0.1', port: await deadPort() }), 502, 'UPSTREAM_FAILED'],
  ['one that answers with garbage', async () => ({ host: '127.0.0.1', port: await answering(garbage) }), 502, 'UPSTREAM_INVALID'],
  ['one that closes the connection', async () => ({ host: '127.0.0.1', port: await answering('') }), 502, 'UPSTREAM_ENDED'],
  ['one without WebSockets', async () => mirror, 200, undefined],
])('a WebSocket to %s gets its answer', async ([, upstream, status, code]) => {
  const gateway = await start(await upstream());
  const { host, port, ...material } = gateway.clientOptions(alice);
  const socket = new WebSocket(`wss://${host}:${port}/`, material);
  socket.on('error', () => {}); // ws reports that it gave up

  const [, response] = (await once(socket, 'unexpected-response')) as [unknown, http.IncomingMessage];
  response.resume();
  await once(response, 'close');

  expect(response.statusCode).toBe(status);
  expect(gateway.requests.map(({ error }) => error?.code)).toEqual([code]);
});

test('an upgrade to something else than WebSocket is not implemented', async () => {
  const gateway = await start(mirror);

  const { status } = await ask(gateway, { headers: { connection: 'Upgrade', upgrade: 'h2c' } });

  expect(status).toBe(501);
  expect(gateway.requests).toMatchObject([{ status: 501, error: undefined }]);
});

test('a client that leaves before its answer is not a failure of the upstream, whose request ends too', async () => {
  const { promise: begun, resolve: onBegin } = Promise.withResolvers<undefined>();
  const { promise: ended, resolve: onEnd } = Promise.withResolvers<undefined>();
  const gateway = await start((_request, response) => {
    response.on('close', () => onEnd(undefined));
    onBegin(undefined);
  });
  const request = https.get({ ...gateway.clientOptions(alice), agent: false });
  request.on('error', () => {}); // what destroying it says
  await begun;

  request.destroy();
  await ended;

  expect(gateway.requests).toMatchObject([{ status: undefined, error: undefined }]);
});

test('an idle connection that the upstream has closed does not fail the next request', async () => {
  const server = http.createServer((request, response) => {
    // Closed while the next request may be under way: this end sends no Keep-Alive that announces it.
    response.on('finish', () => request.socket.destroySoon());
    mirror(request, response);
  });
  const gateway = await start(server);

  const statuses = [];
  for (let round = 0; round < 20; round += 1) statuses.push((await ask(gateway)).status);

  expect(new Set(statuses)).toEqual(new Set([200]));
});
