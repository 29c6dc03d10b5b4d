import { once } from 'node:events';
import http from 'node:http';
import http2 from 'node:http2';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import express from 'express';
import Fastify from 'fastify';
import Koa from 'koa';
import { expect, onTestFinished, test } from 'vitest';
import { forwardedHeaders, type Gateway, startGateway, type Upstream } from '../../../src/forwarded/index.ts';
import { createPki } from '../../../src/pki/pki.ts';
import { mirror } from './application.ts';

const pki = createPki();
const alice = pki.client('alice');
const [ours] = Object.values(forwardedHeaders(alice, 'rfc9440'));

async function ask(gateway: Gateway, path = '/'): Promise<string> {
  const request = https.get({ ...gateway.clientOptions(alice), agent: false, path });
  const [response] = (await once(request, 'response')) as [http.IncomingMessage];
  return text(response);
}

async function listening(server: http.Server, host = '127.0.0.1'): Promise<http.Server> {
  server.listen(0, host);
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return server;
}

const portOf = (server: http.Server): number => (server.address() as AddressInfo).port;
const certificateOf = (request: http.IncomingMessage): string => String(request.headers['client-cert']);
const plain = (): http.Server => http.createServer((request, response) => response.end(certificateOf(request)));

test.for<[what: string, upstream: () => Promise<Upstream>]>([
  ['a handler', async () => (request, response) => response.end(certificateOf(request))],
  ['an Express application', async () => express().get('/', (request, response) => void response.send(certificateOf(request)))],
  [
    'the callback of a Koa application',
    async () => {
      const app = new Koa();
      app.use((context) => {
        context.body = certificateOf(context.req);
      });
      return app.callback();
    },
  ],
  [
    "Fastify's server",
    async () => {
      const app = Fastify();
      app.get('/', (request, reply) => void reply.send(certificateOf(request.raw)));
      await app.ready();
      return app.server;
    },
  ],
  ['a server that does not listen yet', async () => plain()],
  ['a server that listens', async () => listening(plain())],
  ['a server that listens on every address', async () => listening(plain(), '0.0.0.0')],
  ['a server that listens on IPv6', async () => listening(plain(), '::1')],
  ['host and port', async () => ({ host: 'localhost', port: portOf(await listening(plain())) })],
  ['a URL', async () => new URL(`http://127.0.0.1:${portOf(await listening(plain()))}`)],
  ['a URL as text, with IPv6', async () => `http://[::1]:${portOf(await listening(plain(), '::1'))}/`],
])('the upstream may be %s', async ([, upstream]) => {
  await using gateway = await startGateway({ pki, upstream: await upstream(), format: 'rfc9440' });

  expect(await ask(gateway)).toBe(ours);
});

test('the path of an upstream URL comes before that of each request', async () => {
  const server = await listening(http.createServer(mirror));
  await using gateway = await startGateway({ pki, upstream: `http://127.0.0.1:${portOf(server)}/base`, format: 'rfc9440' });

  expect(JSON.parse(await ask(gateway, '/a?b=c'))).toMatchObject({ url: '/base/a?b=c' });
});

test('a server that listened before still does once the gateway is closed', async () => {
  const before = await listening(plain());
  const own = plain();
  for (const upstream of [before, own]) {
    const gateway = await startGateway({ pki, upstream, format: 'rfc9440' });
    await ask(gateway);
    await gateway.close();
  }

  expect(before.listening).toBe(true);
  expect(own.listening).toBe(false);
});

test.for<[what: string, upstream: unknown, value: string]>([
  ['nothing', undefined, 'undefined'],
  ['null', null, 'null'],
  ['a number', 3000, '3000'],
  ['text that is not a URL', 'localhost:3000', 'localhost:3000'],
  ['an https URL', 'https://localhost:3000', 'https://localhost:3000'],
  ['a URL with a query', 'http://localhost:3000/?a=b', 'http://localhost:3000/?a=b'],
  ['a URL with a password', 'http://a:b@localhost:3000/', 'http://a:b@localhost:3000/'],
  ['an object without host and port', { address: 'localhost' }, 'an object with address'],
  ['a Fastify instance', Fastify(), 'a Fastify instance'],
  ['a Koa application', new Koa(), 'an application without its handler'],
  ['an https.Server', https.createServer(), 'a server of TLS or HTTP/2'],
  ['a server of HTTP/2', http2.createServer(), 'a server of TLS or HTTP/2'],
])('%s is not an upstream', async ([, upstream, value]) => {
  await expect(startGateway({ pki, upstream: upstream as Upstream, format: 'rfc9440' })).rejects.toThrow(
    expect.objectContaining({ code: 'OPTION_INVALID', facts: expect.objectContaining({ option: 'upstream', value }) as object }),
  );
});

test.for<[field: string, upstream: object]>([
  ['host', { host: '', port: 3000 }],
  ['upstream.port', { host: 'localhost', port: 0 }],
  ['upstream.port', { host: 'localhost', port: '3000' }],
])('the %s of an upstream is checked', async ([option, upstream]) => {
  await expect(startGateway({ pki, upstream: upstream as Upstream, format: 'rfc9440' })).rejects.toThrow(
    expect.objectContaining({ code: 'OPTION_INVALID', facts: expect.objectContaining({ option }) as object }),
  );
});
