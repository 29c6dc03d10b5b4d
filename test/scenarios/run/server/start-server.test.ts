import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { fastify } from 'fastify';
import { describe, expect, test } from 'vitest';
import { attemptHandshake, createPki, startTlsServer } from '../../../../src/index.ts';
import { startServer } from '../../../../src/scenarios/run/server/start-server.ts';
import type { StartServer } from '../../../../src/scenarios/run/target.ts';

const pki = createPki();
const configuration = { identity: pki.server(), trust: pki.anchors };
const { serverTls } = configuration.identity;
const bound = 20_000;

const closed: string[] = [];

class AppModule {
  onModuleDestroy(): void {
    closed.push('NestJS');
  }
}
Module({})(AppModule);

describe('what start may return', () => {
  const startable: readonly (readonly [string, StartServer])[] = [
    ['a server that does not listen yet', () => https.createServer(serverTls)],
    ['a server that begins to listen', () => https.createServer(serverTls).listen(0, '127.0.0.1')],
    [
      'a promise of a server that listens',
      async () => {
        const server = https.createServer(serverTls);
        await once(server.listen(0, '127.0.0.1'), 'listening');
        return server;
      },
    ],
    ['an ObservedServer', () => startTlsServer({ pki })],
    [
      'a Fastify application that is ready',
      async () => {
        const app = fastify({ https: serverTls });
        app.addHook('onClose', () => void closed.push('Fastify, ready'));
        await app.ready();
        return app;
      },
    ],
    [
      'a Fastify application that listens',
      async () => {
        const app = fastify({ https: serverTls, http2: true });
        app.addHook('onClose', () => void closed.push('Fastify, listening'));
        await app.listen({ port: 0, host: '127.0.0.1' });
        return app;
      },
    ],
    [
      'a NestJS application',
      async () => {
        const app = await NestFactory.create(AppModule, { httpsOptions: serverTls, logger: false });
        return app.init();
      },
    ],
  ];

  test.for(startable)('%s is tried, and closed', async ([, start]) => {
    const server = await startServer(start, configuration, bound);
    if (typeof server.target === 'function') throw new Error('a server is not an attempt');
    const { host, port } = server.target;

    const accepted = await attemptHandshake(server.target, { identity: pki.client() });
    const refused = await attemptHandshake(server.target, { identity: createPki().client(), trust: pki.anchors });
    await server.close();

    expect(accepted).toMatchObject({ verdict: 'accepted', evidence: 'server-observed' });
    expect(refused).toMatchObject({ verdict: 'rejected', rejectedBy: 'server' });
    await expect(attemptHandshake({ host, port }, { trust: pki.anchors })).rejects.toMatchObject({ code: 'CONNECT_FAILED' });
  });

  test('an application is closed by itself, so that its own hooks are run', async () => {
    for (const [, start] of startable) await (await startServer(start, configuration, bound)).close();

    expect(closed).toEqual(expect.arrayContaining(['Fastify, ready', 'Fastify, listening', 'NestJS']));
  });

  test('an address is tried, and its own close called', async () => {
    await using elsewhere = await startTlsServer({ pki });
    let closes = 0;

    const server = await startServer(
      async () => ({ host: elsewhere.host, port: elsewhere.port, close: async () => (closes += 1) }),
      configuration,
      bound,
    );
    const handshake = await attemptHandshake(server.target as typeof elsewhere, { identity: pki.client() }); // the address above
    await server.close();

    expect(handshake).toMatchObject({ verdict: 'accepted' });
    expect(closes).toBe(1);
  });
});

describe('a server that does not start is one error that says why', () => {
  const unusable = (value: unknown): StartServer => (() => value) as StartServer; // as JavaScript may return it

  test.for<readonly [string, StartServer, string]>([
    [
      'start throws',
      () => {
        throw new Error('no database');
      },
      'start threw "no database"',
    ],
    ['start rejects', () => Promise.reject(new TypeError('no config')), 'start threw "no config"'],
    ['nothing comes', unusable(undefined), 'start returned "undefined"'],
    ['null comes', unusable(null), 'start returned "null"'],
    ['a port comes', unusable(8443), 'start returned "8443"'],
    ['a handler comes', unusable(() => {}), 'start returned "a function"'],
    ['a server without TLS comes', unusable(http.createServer()), 'start returned "Server, which is a server without TLS"'],
    ['an application without TLS comes', () => fastify() as never, 'whose server is not a TLS server'],
    ['an address without port comes', unusable({ host: 'localhost' }), 'start returned "{ host }"'],
  ])('where %s', async ([, start, words]) => {
    const control = await startServer(() => https.createServer(serverTls), configuration, bound);
    await control.close();

    await expect(startServer(start, configuration, bound)).rejects.toMatchObject({
      code: 'SERVER_START_FAILED',
      message: expect.stringContaining(words),
    });
  });

  test.for([
    ['begins to listen', (server: https.Server, port: number) => server.listen(port, '127.0.0.1')],
    ['has listened', async (server: https.Server, port: number) => once(server.listen(port, '127.0.0.1'), 'listening').then(() => server)],
  ] as const)('where its port is taken, and it %s', async ([, listen]) => {
    await using taken = await startTlsServer({ pki });

    const failed = startServer(() => listen(https.createServer(serverTls), taken.port), configuration, bound);

    await expect(failed).rejects.toMatchObject({
      code: 'SERVER_START_FAILED',
      message: expect.stringContaining('EADDRINUSE'),
      cause: expect.objectContaining({ code: 'EADDRINUSE' }),
    });
  });

  test('where it is not there in time, and one that comes later is closed', async () => {
    const { promise, resolve: arrive } = Promise.withResolvers<https.Server>();
    const late = https.createServer(serverTls);

    const failed = startServer(() => promise, configuration, 20);
    await expect(failed).rejects.toMatchObject({ code: 'SERVER_START_TIMEOUT', facts: { milliseconds: 20 } });
    const isClosed = once(late, 'close');
    arrive(late);

    await isClosed;
    expect(late.listening).toBe(false);
  });
});
