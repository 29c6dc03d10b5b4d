import type tls from 'node:tls';
import type { Request, Response } from 'express';
import { axiosAttempt, http2Attempt, httpsAttempt, httpsAttemptTwice, undiciRequestAttempt } from '../correct-attempts.ts';
import { expressServer, fastifyServer, http2Server, httpsServer, mutualTls } from '../correct-servers.ts';
import type { ApplicationServer, Mutant } from '../mutant.ts';
import type { ServerConfiguration } from '../../../src/scenarios/run/target.ts';

/** Servers that let every certificate through TLS, whose check is right, and not where it has to be. */
export const brokenMiddleware: readonly Mutant<ApplicationServer>[] = [
  {
    name: 'express: check after the route',
    mistake: 'The middleware that checks is mounted after the route, which answers before.',
    caughtBy: ['unknown-ca', 'no-client-certificate'],
    attempt: (port) => axiosAttempt({ port }),
    serve: (configuration) =>
      expressServer(lenient(configuration), (app) => {
        app.get('/', (_request, response) => response.send('ok\n'));
        app.use((request, response, next) => (isAuthorized(request) ? next() : refuse(response)));
      }),
  },
  {
    name: 'express: check for another path',
    mistake: 'The middleware that checks is mounted at /api, and the routes are not.',
    isNarrow: true,
    caughtBy: ['unknown-ca', 'no-client-certificate'],
    attempt: (port) => httpsAttempt({ port }),
    serve: (configuration) =>
      expressServer(lenient(configuration), (app) => {
        app.use('/api', (request, response, next) => (isAuthorized(request) ? next() : refuse(response)));
      }),
  },
  {
    name: 'express: check not awaited',
    mistake: 'The check is asynchronous, and its answer comes after that of the route.',
    isNarrow: true,
    caughtBy: ['expired-leaf', 'no-client-certificate'],
    attempt: (port) => undiciRequestAttempt({ port }),
    serve: (configuration) =>
      expressServer(lenient(configuration), (app) => {
        app.use((request, response, next) => {
          void Promise.resolve(isAuthorized(request)).then((allowed) => allowed || response.headersSent || refuse(response));
          next();
        });
      }),
  },
  {
    name: 'fastify: check in a plugin of its own',
    mistake: 'The hook that checks is added in a plugin, so it holds for the routes of that plugin only.',
    isNarrow: true,
    caughtBy: ['unknown-ca', 'no-client-certificate'],
    attempt: (port) => undiciRequestAttempt({ port }),
    serve: (configuration) =>
      fastifyServer(lenient(configuration), (app) =>
        app.register(async (scope) => {
          scope.addHook('onRequest', async (request, reply) => {
            if (!isAuthorized(request.raw)) await reply.code(403).send();
          });
        }),
      ),
  },
  {
    name: 'https: first request of a connection',
    mistake: 'It looks at `authorized` with the first request of a connection, and answers the others.',
    isNarrow: true,
    caughtBy: ['unknown-ca', 'expired-leaf'],
    attempt: (port) => httpsAttemptTwice({ port }),
    serve: (configuration) => {
      const seen = new WeakSet<tls.TLSSocket>();
      return httpsServer(lenient(configuration), (socket) => {
        const isAllowed = socket.authorized || seen.has(socket);
        seen.add(socket);
        return isAllowed;
      });
    },
  },
  {
    name: 'http2: first stream of a session',
    mistake: 'It looks at `authorized` with the first stream of a session, and answers the others.',
    isNarrow: true,
    caughtBy: ['unknown-ca', 'no-client-certificate'],
    attempt: (port) => http2Attempt({ port, streams: 2 }),
    serve: (configuration) => {
      const seen = new WeakSet<tls.TLSSocket>();
      return http2Server(lenient(configuration), (socket) => {
        const isAllowed = socket.authorized || seen.has(socket);
        seen.add(socket);
        return isAllowed;
      });
    },
  },
  {
    name: 'https: remembers addresses',
    mistake: 'It remembers for each address what it found the first time.',
    isNarrow: true,
    caughtBy: ['unknown-ca', 'expired-leaf', 'no-client-certificate'],
    attempt: (port) => httpsAttempt({ port }),
    serve: (configuration) => {
      const known = new Map<string | undefined, boolean>();
      return httpsServer(lenient(configuration), (socket) => {
        const found = known.get(socket.remoteAddress) ?? socket.authorized;
        known.set(socket.remoteAddress, found);
        return found;
      });
    },
  },
  {
    name: 'http2: checks where the error is known',
    mistake: 'It refuses for an `authorizationError`, and forgets that none is set where no certificate was asked for.',
    isNarrow: true,
    caughtBy: ['no-client-certificate', 'unknown-ca'],
    attempt: (port) => http2Attempt({ port }),
    serve: (configuration) =>
      http2Server({ ...lenient(configuration), requestCert: false }, (socket) => socket.authorized || !socket.authorizationError),
  },
];

function lenient(configuration: ServerConfiguration): tls.TlsOptions {
  return { ...mutualTls(configuration), rejectUnauthorized: false };
}

function isAuthorized({ socket }: Pick<Request, 'socket'>): boolean {
  return (socket as tls.TLSSocket).authorized; // a TLS server's sockets
}

function refuse(response: Response): void {
  response.sendStatus(403);
}
