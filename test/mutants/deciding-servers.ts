import { X509Certificate } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type tls from 'node:tls';
import type { AttemptFunction, ServerConfiguration } from '../../src/scenarios/run/target.ts';
import { type Allow, expressServer, fastifyServer, http2Server, httpsServer, mutualTls } from './correct-servers.ts';
import type { ApplicationServer } from './mutant.ts';

/** What an application decides by. */
export interface Caller {
  readonly socket: tls.TLSSocket;
  readonly headers: IncomingHttpHeaders;
  readonly configuration: ServerConfiguration;
}

/** An application that decides on each request, and how it is used. */
export interface Decision {
  readonly server: keyof typeof servers;
  readonly client: (service: { readonly port: number }) => AttemptFunction;
  /** Whether TLS refuses invalid certificates before; where not, the application has to. */
  readonly tls: 'verifies' | 'leaves it';
  readonly lets: (caller: Caller) => boolean;
}

/** A server of one of the frameworks whose application decides on each request. */
export function deciding({ server, client, tls: duty, lets }: Decision): ApplicationServer {
  return {
    serve: (configuration) =>
      servers[server]({ ...mutualTls(configuration), rejectUnauthorized: duty === 'verifies' }, (socket, { headers }) =>
        lets({ socket, headers, configuration }),
      ),
    attempt: (port) => client({ port }),
  };
}

/** The certificates of a peer, its own first, each with the one that issued the one before, as far as they are known. */
export function chainOf(socket: tls.TLSSocket): readonly X509Certificate[] {
  const chain: X509Certificate[] = [];
  // Node.js gives {} where there is none, and a root is its own issuer.
  let next: Partial<tls.DetailedPeerCertificate> | undefined = socket.getPeerCertificate(true);
  while (next?.raw && next.fingerprint256 !== chain.at(-1)?.fingerprint256) {
    chain.push(new X509Certificate(next.raw));
    next = next.issuerCertificate;
  }
  return chain;
}

/** The certificates of a PEM text. */
export function certificatesIn(pem: string): readonly X509Certificate[] {
  return (pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/gu) ?? []).map((text) => new X509Certificate(text));
}

const servers = {
  https: httpsServer,
  http2: http2Server,
  express: (options: tls.TlsOptions, allow: Allow) =>
    expressServer(options, (app) => {
      app.use((request, response, next) => {
        if (allow(request.socket as tls.TLSSocket, request)) next(); // an https server's sockets
        else response.sendStatus(403);
      });
    }),
  fastify: (options: tls.TlsOptions, allow: Allow) =>
    fastifyServer(options, (app) => {
      app.addHook('onRequest', async (request, reply) => {
        if (!allow(request.raw.socket as tls.TLSSocket, request.raw)) await reply.code(403).send(); // as above
      });
    }),
};
