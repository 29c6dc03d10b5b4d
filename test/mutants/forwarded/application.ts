import { createServer, type IncomingMessage, type Server, type ServerOptions } from 'node:http';
import express from 'express';
import fastify from 'fastify';
import Koa from 'koa';
import { Malformed } from './reading/header-lines.ts';

/** What an application serves with. */
export type Framework = 'express' | 'fastify' | 'koa' | 'http';

/** The name of the client that a request comes from; undefined where it names none. Throws `Malformed`. */
export type Identify = (request: IncomingMessage) => string | undefined | Promise<string | undefined>;

/** Serves its one user, and refuses every other client with 403, what it cannot read with 400. Not yet listening. */
export function application(framework: Framework, identify: Identify, options: ServerOptions = {}): Server | Promise<Server> {
  return frameworks[framework](async (request) => {
    try {
      return (await identify(request)) === user ? 200 : 403;
    } catch (error) {
      if (error instanceof Malformed) return 400;
      throw error;
    }
  }, options);
}

/** The same with another port, which is not the proxy's, and what it finds there. */
export async function onTwoPorts(
  framework: Framework,
  identify: Identify,
  atDirect: Identify,
): Promise<{ server: Server; direct: Server }> {
  return { server: await application(framework, identify), direct: await application(framework, atDirect) };
}

const user = 'client';
const page = `${user}\n`;

/** The status with which a request is answered. */
type Decide = (request: IncomingMessage) => Promise<number>;

const frameworks: Readonly<Record<Framework, (decide: Decide, options: ServerOptions) => Server | Promise<Server>>> = {
  express(decide, options) {
    const app = express();
    app.use((request, response, next) => {
      // oxlint-disable-next-line promise/no-callback-in-promise -- Express' way of saying that it failed
      decide(request).then((status) => (status === 200 ? response.send(page) : response.sendStatus(status)), next);
    });
    return createServer(options, app);
  },
  async fastify(decide, options) {
    const app = fastify({ http: options });
    app.addContentTypeParser('*', (_request, payload, done) => {
      payload.resume().on('end', () => {
        done(null);
      });
    });
    app.addHook('onRequest', async (request, reply) => {
      const status = await decide(request.raw);
      if (status !== 200) await reply.code(status).send();
    });
    app.all('/*', () => page);
    await app.ready();
    return app.server;
  },
  koa(decide, options) {
    const app = new Koa();
    app.silent = true; // it prints errors otherwise
    app.use(async (context) => {
      context.status = await decide(context.req);
      if (context.status === 200) context.body = page;
    });
    const callback = app.callback();
    return createServer(options, (request, response) => void callback(request, response));
  },
  http(decide, options) {
    return createServer(options, (request, response) => {
      decide(request).then(
        (status) => response.writeHead(status).end(status === 200 ? page : undefined),
        () => response.writeHead(500).end(),
      );
    });
  },
};
