import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createPki } from '../../../../src/index.ts';
import { assessCalled, type CallableService, callService, requestOf } from '../../../../src/scenarios/run/spiffe/call-service.ts';
import type { SpiffeSettings } from '../../../../src/scenarios/run/spiffe/spiffe-source.ts';

const pki = createPki();
const settings: SpiffeSettings = { version: 'TLSv1.3', timeout: 1000, refusals: [401, 403] };
const shop = pki.svid('spiffe://example.test/shop');

describe('what is neither accepted nor refused is not judged, whatever is expected', () => {
  test.for<[what: string, answer: RequestListener, words: RegExp]>([
    ['another status', (_request, response) => response.writeHead(500).end(), /neither accepted nor refused: status 500/u],
    ['a redirection', (_request, response) => response.writeHead(302).end(), /status 302/u],
    ['silence', () => {}, /1000 ms/u],
  ])('%s', async ([, answer, words]) => {
    const called = await callService(await serving(answer), shop);

    expect(called).toMatchObject({ verdict: 'neither', words: expect.stringMatching(words) });
    for (const expected of [{ verdict: 'accepted' }, { verdict: 'rejected', by: 'server' }] as const)
      expect(assessCalled(called, expected, shop)).toMatchObject({ status: 'not-judged' });
  });

  test('a service that is not there', async () => {
    const called = await callService({ settings, target: { host: '127.0.0.1', port: 1 }, anchors: pki.anchors }, shop);

    expect(called).toMatchObject({ verdict: 'neither', words: expect.stringContaining('ECONNREFUSED') });
    expect(assessCalled(called, { verdict: 'rejected', by: 'server' }, shop)).toMatchObject({ status: 'not-judged' });
  });
});

test.for<[what: string, answer: RequestListener, verdict: 'accepted' | 'refused', words: RegExp]>([
  ['200', (_request, response) => response.end('hello'), 'accepted', /answered with status 200/u],
  ['204', (_request, response) => response.writeHead(204).end(), 'accepted', /answered with status 204/u],
  ['403', (_request, response) => response.writeHead(403).end(), 'refused', /refused with status 403/u],
  ['the end of the connection', (request) => request.socket.destroy(), 'refused', /refused after the handshake/u],
])('%s is an answer', async ([, answer, verdict, words]) => {
  const called = await callService(await serving(answer), shop);

  expect(called).toMatchObject({ verdict, words: expect.stringMatching(words) });
  expect(assessCalled(called, { verdict: 'accepted' }, shop).status).toBe(verdict === 'accepted' ? 'as-expected' : 'unexpected');
  expect(assessCalled(called, { verdict: 'rejected', by: 'server' }, shop).status).toBe(
    verdict === 'accepted' ? 'unexpected' : 'as-expected',
  );
});

describe('an answer in parts', () => {
  test.for<[what: string, parts: readonly string[], verdict: 'accepted' | 'refused' | 'neither', words: RegExp]>([
    ['behind 100 (Continue)', ['HTTP/1.1 100 Continue\r\n\r\n', 'HTTP/1.1 403 Forbidden\r\n\r\n'], 'refused', /status 403/u],
    ['whose status line is cut', ['HTTP/1.1 4', '01 Unauthorized\r\n\r\n'], 'refused', /status 401/u],
    ['whose status line is cut, behind 103', ['HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 2', '00 OK\r\n\r\n'], 'accepted', /status 200/u],
    ['that ends within its status line', ['HTTP/1.1 4'], 'neither', /"HTTP\/1\.1 4", which is not a whole answer/u],
    ['that ends with 100 (Continue)', ['HTTP/1.1 100 Continue\r\n\r\n'], 'neither', /100 Continue/u],
    ['whose line has no status', ['HTTP/1.1 Forbidden\r\n\r\n'], 'neither', /not a whole answer/u],
  ])('%s', async ([, parts, verdict, words]) => {
    const service = await serving((request) => {
      const { socket } = request;
      socket.setNoDelay(true);
      void (async () => {
        for (const part of parts) await new Promise((resolve) => void socket.write(part, resolve));
        socket.end();
      })();
    });

    const called = await callService(service, shop);

    expect(called).toMatchObject({ verdict, words: expect.stringMatching(words) });
  });
});

test('a client of another CA is refused in the handshake, by the reason of TLS', async () => {
  const service = await serving((_request, response) => response.end('hello'));
  const untrusted = createPki().svid('spiffe://example.test/shop');

  const called = await callService(service, untrusted);

  expect(called).toMatchObject({ verdict: 'refused' });
  expect(assessCalled(called, { verdict: 'rejected', by: 'server' }, untrusted)).toMatchObject({ status: 'as-expected' });
  expect(assessCalled(called, { verdict: 'accepted' }, untrusted)).toMatchObject({ status: 'unexpected' });
});

test('a request keeps the connection where it is asked to, and is what the user gives where that is given', () => {
  expect(requestOf(settings, 'close').toString()).toContain('\r\nConnection: close\r\n');
  expect(requestOf(settings, 'keep-alive').toString()).toMatch(/^GET \/ HTTP\/1\.1\r\nHost: localhost\r\n\r\n$/u);
  expect(
    requestOf({ ...settings, request: { headers: { 'X-Token': 'old', 'x-other': 'kept' } } }, 'close', { 'x-token': 'new' }).toString(),
  ).toMatch(/\r\nx-token: new\r\nx-other: kept\r\n/u);
  expect(requestOf({ ...settings, exchange: 'PING\r\n' }, 'close').toString()).toBe('PING\r\n');
});

/** A server of https that requires certificates. */
async function serving(answer: RequestListener): Promise<CallableService> {
  const server = https.createServer(pki.server().serverTls, answer);
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // of a TCP server
  return { settings, target: { host: '127.0.0.1', port }, anchors: pki.anchors };
}

test('a client sends the header fields of the service, unless it has others', async () => {
  const service = {
    ...(await serving(({ headers }, response) => response.writeHead(headers.authorization === 'Bearer mine' ? 200 : 401).end())),
    headersOf: () => ({ authorization: 'Bearer mine' }),
  };

  expect(await callService(service, shop)).toMatchObject({ verdict: 'accepted', status: 200 });
  expect(await callService(service, shop, { authorization: 'Bearer other' })).toMatchObject({ verdict: 'refused', status: 401 });
  expect(await callService(service, shop, {})).toMatchObject({ verdict: 'refused', status: 401 });
});

test('a connection that ends without an answer has no status', async () => {
  const called = await callService(await serving((request) => request.socket.destroy()), shop);

  expect(called).not.toHaveProperty('status');
});
