import type { ServerResponse } from 'node:http';
import https from 'node:https';
import tls from 'node:tls';
import type { X509Certificate } from 'node:crypto';
import { httpsAttempt } from './correct-attempts.ts';
import { mutualTls, reachable } from './correct-servers.ts';
import { chainOf } from './deciding-servers.ts';
import type { ApplicationServer, HandshakeServer } from './mutant.ts';
import { correctChecks, type OcspChecks, statusBy } from './ocsp-client.ts';

/** What a server does beside the checks of the response. */
export interface OcspServerOptions extends Partial<OcspChecks> {
  /** How it asks; default POST. */
  readonly method?: 'POST' | 'GET';
  /** Whether it lets a client in; default: only one whose status is good. */
  readonly lets?: (status: () => Promise<string>) => Promise<boolean>;
}

/** An https server whose application asks the OCSP responder that the client's certificate names, with each request. */
export function ocspServer({ method = 'POST', lets = isGood, ...checks }: OcspServerOptions = {}): ApplicationServer {
  return {
    serve: (configuration) =>
      https.createServer(mutualTls(configuration), (request, response) => {
        const [leaf, issuer] = chainOf(request.socket as tls.TLSSocket); // an https server's sockets
        const status = (): Promise<string> => statusOf(leaf, issuer, { method, checks: { ...correctChecks, ...checks } });
        void answer(response, lets(status));
      }),
    attempt: (port) => httpsAttempt({ port }),
  };
}

/** A server of another protocol, which asks when the handshake is over: it ends the connection of a client that it does not want, and echoes to the others. */
export function ocspTlsServer({ ends }: { readonly ends: boolean }): HandshakeServer {
  return {
    start: (configuration) => {
      const server = tls.createServer(mutualTls(configuration), (socket) => {
        socket.on('error', () => {});
        const [leaf, issuer] = chainOf(socket);
        void serve(
          socket,
          isGood(() => statusOf(leaf, issuer, { method: 'POST', checks: correctChecks })),
          ends,
        );
      });
      return reachable(server);
    },
  };
}

async function serve(socket: tls.TLSSocket, isLetIn: Promise<boolean>, ends: boolean): Promise<void> {
  if ((await isLetIn) || !ends) socket.pipe(socket);
  else socket.destroy();
}

async function answer(response: ServerResponse, isLetIn: Promise<boolean>): Promise<void> {
  response.statusCode = (await isLetIn) ? 200 : 403;
  response.end('ok\n');
}

/** A certificate that names no responder has no status that could be asked for. */
async function statusOf(
  leaf: X509Certificate | undefined,
  issuer: X509Certificate | undefined,
  how: { readonly method: 'POST' | 'GET'; readonly checks: OcspChecks },
): Promise<string> {
  if (!leaf || !issuer) throw new Error('no certificate and issuer');
  const [, url] = /OCSP - URI:(\S+)/u.exec(leaf.infoAccess ?? '') ?? [];
  return url === undefined ? 'good' : statusBy(url, { leaf, issuer }, how);
}

async function isGood(status: () => Promise<string>): Promise<boolean> {
  return (await status().catch(() => 'undetermined')) === 'good';
}
