import https from 'node:https';
import type { TLSSocket } from 'node:tls';
import express from 'express';
import type { JWTPayload } from 'jose';
import type { BoundTokensSource } from '../../../src/scenarios/run/bound-tokens/bound-token-settings.ts';
import type { TokenClaims } from '../../../src/scenarios/run/bound-tokens/token-claims.ts';
import type { BoundTokenSubject } from './bound-token-subject.ts';
import { materialOf, resourceServer, serverOf, thumbprintOf } from './resource-server.ts';
import { confirmed, issueToken, tokenOf, verifiedClaims } from './token-issuer.ts';

/** Resource servers that do as RFC 8705 says. */
export const correctResourceServers: readonly BoundTokenSubject[] = [
  {
    name: 'https and jose',
    source: resourceServer(
      () =>
        (claims, { certificate }) =>
          isBound(confirmed(claims), certificate),
    ),
  },
  {
    name: 'https and jose, with clients that need no certificate elsewhere',
    source: resourceServer(
      () =>
        (claims, { certificate }) =>
          isBound(confirmed(claims), certificate),
      { certificate: 'optional' },
    ),
  },
  {
    name: 'Express',
    source: { issueToken, start: (context) => https.createServer({ ...materialOf(context), rejectUnauthorized: true }, application()) },
  },
  { name: 'opaque tokens, with introspection', source: introspecting() },
];

function isBound(thumbprint: unknown, certificate: Uint8Array | undefined): boolean {
  return certificate !== undefined && thumbprint === thumbprintOf(certificate);
}

function application(): express.Express {
  const app = express();
  app.get('/', (request, response) => {
    void claimsOf(request).then((claims) => (claims ? response.json({ sub: claims.sub }) : refuse(response)));
  });
  return app;
}

async function claimsOf(request: express.Request): Promise<JWTPayload | undefined> {
  try {
    const claims = await verifiedClaims(tokenOf(request));
    const raw = (request.socket as TLSSocket).getPeerX509Certificate()?.raw; // it is behind https
    return isBound(confirmed(claims), raw) ? claims : undefined;
  } catch {
    return undefined; // no token, or not one of the issuer
  }
}

function refuse(response: express.Response): express.Response {
  return response.status(401).set('WWW-Authenticate', 'Bearer error="invalid_token"').json({ error: 'invalid_token' });
}

/** The authorization server keeps the claims, and tells them for a token (RFC 8705 3.2). */
function introspecting(): BoundTokensSource {
  const issued = new Map<string, TokenClaims>();
  return {
    ...serverOf(
      () =>
        ({ token, certificate }) =>
          isBound(issued.get(token)?.cnf?.['x5t#S256'], certificate),
    ),
    issueToken: (claims) => {
      const token = crypto.randomUUID();
      issued.set(token, claims);
      return token;
    },
  };
}
