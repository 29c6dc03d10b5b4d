import { createHash } from 'node:crypto';
import type http from 'node:http';
import https from 'node:https';
import type { TLSSocket } from 'node:tls';
import type { JWTPayload } from 'jose';
import type { BoundTokensContext, BoundTokensSource } from '../../../src/scenarios/run/bound-tokens/bound-token-settings.ts';
import { issueToken, tokenOf, verifiedClaims } from './token-issuer.ts';

/** What a resource server decides by. */
export interface Shown {
  readonly token: string;
  /** DER of the client's certificate; absent where it has none. */
  readonly certificate: Uint8Array | undefined;
  readonly socket: TLSSocket;
  readonly headers: http.IncomingHttpHeaders;
}

/** Whether a request is let in; `claims` are those of a token whose signature was verified. */
export type Decision = (claims: JWTPayload, shown: Shown) => boolean;

/** A resource server that ends TLS itself, verifies the token, and then decides. Made anew for each use. */
export function resourceServer(decision: () => Decision, options?: ResourceServerOptions): BoundTokensSource {
  return serverOf(() => {
    const decide = decision();
    return async (shown) => decide(await verifiedClaims(shown.token), shown);
  }, options);
}

/** The same, with a verification of its own. */
export function serverOf(
  admission: () => (shown: Shown) => boolean | Promise<boolean>,
  { certificate = 'required' }: ResourceServerOptions = {},
): BoundTokensSource {
  return {
    issueToken,
    start: (context) => {
      const admits = admission();
      const rejectUnauthorized = certificate === 'required';
      return https.createServer({ ...materialOf(context), rejectUnauthorized }, (request, response) => {
        void admitted(admits, request).then((isAdmitted) => response.writeHead(isAdmitted ? 200 : 401).end());
      });
    },
  };
}

interface ResourceServerOptions {
  /** Default `required`. */
  readonly certificate?: 'required' | 'optional';
}

/** For a server that asks for certificates. */
export function materialOf({ identity, trust }: Pick<BoundTokensContext, 'identity' | 'trust'>): https.ServerOptions {
  return { key: identity.keyPem, cert: identity.chainPem, ca: trust, requestCert: true };
}

/** `x5t#S256` of a certificate. */
export function thumbprintOf(certificate: Uint8Array | undefined): string | undefined {
  return certificate && createHash('sha256').update(certificate).digest('base64url');
}

/** A claim as text; what no thumbprint holds where it is of another type. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '?';
}

async function admitted(admits: (shown: Shown) => boolean | Promise<boolean>, request: http.IncomingMessage): Promise<boolean> {
  const socket = request.socket as TLSSocket; // it is a server of https
  const raw = socket.authorized ? socket.getPeerX509Certificate()?.raw : undefined;
  try {
    return await admits({ token: tokenOf(request), certificate: raw, socket, headers: request.headers });
  } catch {
    return false; // no token, or not one of the issuer
  }
}
