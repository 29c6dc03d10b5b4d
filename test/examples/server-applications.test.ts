import https from 'node:https';
import { Controller, Get } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { fastify } from 'fastify';
import Koa from 'koa';
import request from 'supertest';
import { createPki, startHttpsServer } from 'mtls-fixtures';
import { describeServerUnderTest } from 'mtls-fixtures/vitest';
import { afterAll, beforeAll } from 'vitest';

// #region fastify
describeServerUnderTest('Fastify', {
  start: async ({ identity, trust, crl }) => {
    const app = fastify({ https: { ...identity.serverTls, ca: trust, crl }, http2: true }); // or without http2
    app.get('/', () => ({ hello: 'world' }));
    await app.ready(); // or app.listen({ port: 0, host: '127.0.0.1' })
    return app;
  },
});
// #endregion

// #region nest
class Health {
  read(): string {
    return 'ok';
  }
}
Controller('health')(Health); // @Controller('health') and @Get(), where decorators are compiled
Get()(Health.prototype, 'read', Object.getOwnPropertyDescriptor(Health.prototype, 'read') ?? {});

describeServerUnderTest(
  'NestJS',
  {
    start: async ({ identity, trust, crl }) => {
      const httpsOptions = { ...identity.serverTls, ca: trust, crl };
      const app = await NestFactory.create({ module: Health, controllers: [Health] }, { httpsOptions, logger: false });
      return app.init();
    },
  },
  { path: '/health' }, // "/" is 404 here
);
// #endregion

// #region koa
describeServerUnderTest('Koa', {
  start: ({ identity, trust, crl }) => {
    const app = new Koa();
    app.use((context) => {
      context.body = 'hello';
    });
    const handle = app.callback();
    return https.createServer({ ...identity.serverTls, ca: trust, crl }, (asked, response) => void handle(asked, response));
  },
});
// #endregion

const clients = createPki({ name: 'clients' });
let url = '';
let stop: (() => Promise<void>) | undefined;
beforeAll(async () => {
  const service = await startHttpsServer((asked, response) => response.writeHead(asked.url === '/health' ? 200 : 404).end(), {
    pki: clients,
  });
  url = service.url;
  stop = () => service.close();
});
afterAll(() => stop?.());

// #region supertest
describeServerUnderTest(
  'the service, through supertest',
  {
    attempt: async ({ key, cert, ca }) => {
      const health = request(url).get('/health').ca(ca);
      await (key === undefined || cert === undefined ? health : health.cert(cert).key(key)).expect(200);
    },
  },
  { pki: clients, stack: 'node', versions: ['TLSv1.3'] }, // supertest does not set the version of TLS
);
// #endregion

// #region two-pkis
const workloads = createPki({ name: 'workloads' });
const web = createPki({ name: 'web' });

describeServerUnderTest(
  'a service with a certificate of another CA than its clients',
  {
    start: ({ identity, trust, crl }) =>
      https.createServer({ ...identity.serverTls, ca: trust, crl }, (asked, response) => {
        response.writeHead(asked.url === '/v1/orders' && asked.method === 'POST' ? 201 : 404).end();
      }),
  },
  {
    pki: workloads, // whose clients are accepted
    serverPki: web, // which issued the server's certificate
    path: '/v1/orders',
    request: { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ item: 1 }) },
  },
);
// #endregion
