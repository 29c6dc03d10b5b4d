import type { Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { application, onTwoPorts } from '../application.ts';
import { byApache, byBase64, byClientCert, byEnvoy, byNginx, byTraefik } from '../correct-identities.ts';
import type { ForwardedMutant } from '../forwarded-application.ts';
import { asFrontProxy, behindFrontProxy } from '../front-proxy.ts';
import { lineOf, type RequestLines } from '../reading/header-lines.ts';

/** Applications that mix clients up, or take a user from elsewhere when a header is not as it should be. */
export const brokenConnections: readonly ForwardedMutant[] = [
  {
    name: 'http: the client of a connection',
    mistake: 'It remembers the client of a connection, which the proxy uses for several clients.',
    format: 'rfc9440',
    caughtBy: ['forwarded-keep-alive-without', 'forwarded-keep-alive-other'],
    start: () => {
      const clients = new WeakMap<Socket, string | undefined>();
      return application('http', (request) => {
        const name = clients.get(request.socket) ?? byClientCert(request);
        clients.set(request.socket, name);
        return name;
      });
    },
  },
  {
    name: 'fastify: an empty header is the proxy',
    mistake: 'It takes an empty header for a request that the proxy makes itself, as of its health.',
    format: 'caddy',
    caughtBy: ['forwarded-header-empty', 'forwarded-without-certificate'],
    start: () =>
      application('fastify', (request) => (request.headers['x-client-cert'] === '' ? 'client' : byBase64('X-Client-Cert')(request))),
  },
  {
    name: "express: the connection's last client",
    mistake: 'It takes the last client of the connection where a request names none.',
    format: 'nginx',
    caughtBy: ['forwarded-keep-alive-without'],
    start: () => {
      const clients = new WeakMap<Socket, string | undefined>();
      return application('express', (request) => {
        const name = request.headers['x-ssl-cert'] === undefined ? clients.get(request.socket) : byNginx(request);
        clients.set(request.socket, name);
        return name;
      });
    },
  },
  {
    name: 'koa: default user where malformed',
    mistake: 'It catches what it cannot read, and goes on with its default user.',
    format: 'envoy',
    caughtBy: ['forwarded-value-truncated', 'forwarded-garbage'],
    start: () =>
      application('koa', (request) => {
        try {
          return byEnvoy(request);
        } catch {
          return 'client';
        }
      }),
  },
  {
    name: 'fastify: 500 where malformed',
    mistake: 'It throws for what it cannot read, which is answered with 500.',
    format: 'caddy',
    caughtBy: ['forwarded-value-truncated', 'forwarded-garbage'],
    start: () =>
      application('fastify', (request) => {
        try {
          return byBase64('X-Client-Cert')(request);
        } catch (error) {
          throw new TypeError('not a certificate', { cause: error });
        }
      }),
  },
  {
    name: 'express: default user without header',
    mistake: 'It takes its default user where there is no header, as in development.',
    format: 'traefik',
    caughtBy: ['forwarded-header-absent'],
    start: ({ pki }) => {
      const identify = byTraefik(pki);
      return application('express', (request) =>
        request.headers['x-forwarded-tls-client-cert'] === undefined ? 'client' : identify(request),
      );
    },
  },
  {
    name: 'http: the client in a module variable',
    mistake: 'It keeps the client of a request where the next request writes its own, and reads it later.',
    format: 'caddy',
    caughtBy: ['forwarded-concurrent', 'forwarded-pipelined'],
    start() {
      let current: string | undefined;
      const identify = byBase64('X-Client-Cert');
      return application('http', async (request) => {
        current = identify(request);
        await setTimeout(20); // as it asks a database
        return current;
      });
    },
  },
  {
    name: 'koa: crashes without a certificate',
    mistake: 'It takes (null) for a certificate, which it then cannot read.',
    format: 'apache',
    caughtBy: ['forwarded-without-certificate', 'forwarded-header-null-text'],
    start: () =>
      application('koa', (request) => {
        if (request.headers['x-ssl-client-cert'] === '(null)') throw new TypeError('not a certificate');
        return byApache(request);
      }),
  },
  {
    name: 'express: the header on every port',
    mistake: "It reads the header on a port that is not the proxy's, too.",
    format: 'rfc9440',
    caughtBy: ['forwarded-direct'],
    start: () => onTwoPorts('express', byClientCert, byClientCert),
  },
  {
    name: 'fastify: the header at the plain port',
    mistake: 'At its plain port, which is for checks of its health, it refuses what is without the header, and nothing else.',
    format: 'envoy',
    caughtBy: ['forwarded-direct'],
    start: () =>
      onTwoPorts('fastify', byEnvoy, (request) => (request.headers['x-forwarded-client-cert'] === undefined ? undefined : 'client')),
  },
  {
    name: 'https: any caller is the front proxy',
    mistake: 'It asks for the certificate of its front proxy, and answers callers without one, too.',
    format: 'kubernetes-front-proxy',
    options: { connect: asFrontProxy },
    caughtBy: ['forwarded-direct'],
    start: ({ pki }) => behindFrontProxy(pki, (request) => lineOf(request, 'X-Remote-User'), { isOpen: true }),
  },
  {
    name: 'https: its plain port has no proxy',
    mistake: 'It lets its front proxy in by the certificate, and believes any caller of its plain port.',
    format: 'kubernetes-front-proxy',
    options: { connect: asFrontProxy },
    caughtBy: ['forwarded-direct'],
    async start({ pki }) {
      const identify = (request: RequestLines): string | undefined => lineOf(request, 'X-Remote-User');
      return { server: await behindFrontProxy(pki, identify), direct: await application('http', identify) };
    },
  },
  {
    name: 'http: an insecure parser',
    mistake: 'Its parser is lenient, and reads a request whose headers disagree about its length.',
    format: 'nginx',
    caughtBy: ['forwarded-smuggled-length-then-chunks'],
    start: () => application('http', byNginx, { insecureHTTPParser: true }),
  },
];
