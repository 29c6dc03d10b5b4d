import http2 from 'node:http2';
import https from 'node:https';
import type tls from 'node:tls';
import { createAdaptorServer, type Http2Bindings, type HttpBindings } from '@hono/node-server';
import { Hono } from 'hono';
import type { ObservedServer } from '../../../src/index.ts';
import { listenObserved, type SuiteServerOptions, userOptions } from '../listen-observed.ts';
import { getByHttp2, getByHttps } from '../node-clients.ts';
import { clientSubject, testFramework } from './framework-suite.ts';

testFramework('Hono over https', { start: (options) => startHono(options, https.createServer), call: getByHttps });
testFramework('Hono over http2', { start: (options) => startHono(options, http2.createSecureServer), call: getByHttp2 });

function startHono(
  options: SuiteServerOptions,
  createServer: typeof https.createServer | typeof http2.createSecureServer,
): Promise<ObservedServer> {
  const app = new Hono<{ Bindings: HttpBindings | Http2Bindings }>();
  app.get('/', (context) => context.text(`hello ${clientSubject(context.env.incoming.socket)}`));
  app.get('/broken', () => {
    throw new Error('broken');
  });
  app.onError((_error, context) => context.text('Internal Server Error', 500)); // the default prints the error
  const server = createAdaptorServer({ fetch: app.fetch, createServer, serverOptions: userOptions(options) } as Parameters<
    typeof createAdaptorServer
  >[0]);
  return listenObserved(server as tls.Server); // both functions create TLS servers
}
