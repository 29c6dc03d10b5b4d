import type https from 'node:https';
import { fastify, type FastifyInstance } from 'fastify';
import { observe, type ObservedServer } from '../../../src/index.ts';
import { type SuiteServerOptions, userOptions } from '../listen-observed.ts';
import { getByHttp2, getByHttps } from '../node-clients.ts';
import { clientSubject, testFramework } from './framework-suite.ts';

testFramework('Fastify over https', { start: (options) => startFastify(options, {}), call: getByHttps });
testFramework('Fastify over http2', { start: (options) => startFastify(options, { http2: true }), call: getByHttp2 });

/** For the host `localhost`, its default, Fastify starts one more server for each further address, which is not observed. */
async function startFastify(options: SuiteServerOptions, protocol: { readonly http2?: true }): Promise<ObservedServer> {
  const tlsOptions = userOptions(options);
  const app: FastifyInstance<https.Server> = protocol.http2
    ? (fastify({ https: tlsOptions, http2: true }) as unknown as FastifyInstance<https.Server>) // routes are made in the same way
    : fastify({ https: tlsOptions });
  app.get('/', (request) => `hello ${clientSubject(request.raw.socket)}`);
  app.get('/broken', () => {
    throw new Error('broken');
  });
  const observed = observe(app.server);
  await app.listen({ port: 0, host: '127.0.0.1' });
  return observed;
}
