import { once } from 'node:events';
import https from 'node:https';
import type { TLSSocket } from 'node:tls';
import { createAdaptorServer, type HttpBindings } from '@hono/node-server';
import express from 'express';
import { fastify } from 'fastify';
import { Hono } from 'hono';
import { observe } from 'mtls-fixtures';
import { expect, test } from 'mtls-fixtures/vitest';

const greet = (socket: object): string => `hello ${(socket as TLSSocket).getPeerX509Certificate()?.subject}`; // these servers speak nothing but TLS

// #region express
test('Express', async ({ pki }) => {
  const app = express();
  app.get('/', (request, response) => void response.send(greet(request.socket)));
  const web = https.createServer(pki.server().serverTls, app);
  await using server = observe(web, { identity: pki.server() });
  await once(web.listen(0, '127.0.0.1'), 'listening');

  await expect(server).toAccept(pki.client('alice'));
  await expect(server).toReject(pki.client('old', { notAfter: new Date(0) }), { reason: 'CERT_HAS_EXPIRED' });
});
// #endregion

// #region fastify
test('Fastify', async ({ pki }) => {
  const app = fastify({ https: pki.server().serverTls, http2: true }); // or without http2
  app.get('/', (request) => greet(request.raw.socket));
  await using server = observe(app.server, { identity: pki.server() });
  await app.listen({ port: 0, host: '127.0.0.1' }); // for localhost it starts more servers, which are not observed

  await expect(server).toAccept(pki.client('alice'));
  await expect(server).toReject(pki.client('old', { notAfter: new Date(0) }), { reason: 'CERT_HAS_EXPIRED' });
});
// #endregion

// #region hono
test('Hono', async ({ pki }) => {
  const app = new Hono<{ Bindings: HttpBindings }>();
  app.get('/', (context) => context.text(greet(context.env.incoming.socket)));
  const options = { fetch: app.fetch, createServer: https.createServer, serverOptions: pki.server().serverTls }; // or http2.createSecureServer
  const web = createAdaptorServer(options) as https.Server; // what createServer makes
  await using server = observe(web, { identity: pki.server() });
  await once(web.listen(0, '127.0.0.1'), 'listening');

  await expect(server).toAccept(pki.client('alice'));
  await expect(server).toReject(pki.client('old', { notAfter: new Date(0) }), { reason: 'CERT_HAS_EXPIRED' });
});
// #endregion
