import { X509Certificate } from 'node:crypto';
import http from 'node:http';
import type { JWTPayload } from 'jose';
import type { BoundTokensSource } from '../../../src/scenarios/run/bound-tokens/bound-token-settings.ts';
import type { BoundTokenMutant, BoundTokenSubject } from './bound-token-subject.ts';
import { thumbprintOf } from './resource-server.ts';
import { confirmed, issueToken, tokenOf, verifiedClaims } from './token-issuer.ts';

type Decision = (claims: JWTPayload, request: http.IncomingMessage) => boolean;

/** Behind proxies that end TLS, and do as RFC 8705 says. */
export const correctBehindProxies: readonly BoundTokenSubject[] = [
  { name: 'behind nginx', source: behind('nginx', () => (claims, request) => isBound(claims, ofNginx(request))) },
  { name: 'behind a proxy of RFC 9440', source: behind('rfc9440', () => (claims, request) => isBound(claims, ofRfc9440(request))) },
];

/** Wrong ones behind proxies. */
export const brokenBehindProxies: readonly BoundTokenMutant[] = [
  {
    name: 'behind nginx, ignores cnf',
    mistake: 'any valid token is taken from any client',
    source: behind('nginx', () => () => true),
    caughtBy: ['bound-token-of-another-client', 'bound-token-without-certificate', 'bound-token-shared-connection'],
  },
  {
    name: 'behind nginx, takes Client-Cert first',
    mistake: 'the certificate is taken from a header that nginx does not set',
    source: behind('nginx', () => (claims, request) => isBound(claims, ofRfc9440(request) ?? ofNginx(request))),
    caughtBy: ['bound-token-forged-header', 'bound-token-forged-header-without-certificate'],
  },
  {
    name: 'behind nginx, compares undefined with undefined',
    mistake: 'a token without thumbprint fits a client without certificate',
    source: behind('nginx', () => (claims, request) => confirmed(claims) === thumbprintOf(ofNginx(request))),
    caughtBy: ['bound-token-unbound-without-certificate'],
  },
  {
    name: "behind a proxy, remembers the connection's certificate",
    mistake:
      "the certificate of the connection's first request is taken for that of all, though the proxy sends those of several clients on it",
    source: behind('rfc9440', () => {
      const known = new WeakMap<object, Uint8Array>();
      return (claims, request) => {
        const certificate = known.get(request.socket) ?? ofRfc9440(request);
        if (certificate) known.set(request.socket, certificate);
        return isBound(claims, certificate);
      };
    }),
    caughtBy: ['bound-token-shared-connection'],
  },
  {
    name: 'behind a proxy, compares only where there is a certificate',
    mistake: 'a request of a client without certificate needs the token alone',
    source: behind('rfc9440', () => (claims, request) => {
      const certificate = ofRfc9440(request);
      return certificate === undefined || isBound(claims, certificate);
    }),
    caughtBy: ['bound-token-without-certificate'],
  },
];

function behind(format: NonNullable<BoundTokensSource['format']>, decision: () => Decision): BoundTokensSource {
  return {
    format,
    issueToken,
    start: () => {
      const decide = decision();
      return http.createServer((request, response) => {
        void verifiedClaims(tokenOf(request))
          .then((claims) => decide(claims, request))
          .catch(() => false)
          .then((isAdmitted) => response.writeHead(isAdmitted ? 200 : 401).end());
      });
    },
  };
}

function isBound(claims: JWTPayload, certificate: Uint8Array | undefined): boolean {
  return certificate !== undefined && confirmed(claims) === thumbprintOf(certificate);
}

/** `$ssl_client_escaped_cert`, as the suite's usual name has it. */
function ofNginx({ headers }: http.IncomingMessage): Uint8Array | undefined {
  const escaped = headers['x-ssl-cert'];
  return typeof escaped === 'string' && escaped !== '' ? new X509Certificate(decodeURIComponent(escaped)).raw : undefined;
}

function ofRfc9440({ headers }: http.IncomingMessage): Uint8Array | undefined {
  const [, base64] = /^:(.+):$/u.exec(String(headers['client-cert'])) ?? [];
  return base64 === undefined ? undefined : Buffer.from(base64, 'base64');
}
