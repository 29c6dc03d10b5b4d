// #region resource-server
import { createHash, generateKeyPairSync } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import https from 'node:https';
import type { TLSSocket } from 'node:tls';
import { jwtVerify, SignJWT } from 'jose';
import { type BoundTokensContext, describeBoundTokensUnderTest, type TokenClaims } from 'mtls-fixtures/vitest';

const issuer = 'https://as.test';
const keys = generateKeyPairSync('ed25519'); // of the authorization server

/** The resource server: its clients have a certificate, and a token that is bound to it. */
function startResourceServer({ identity, trust }: BoundTokensContext): https.Server {
  const tls = { key: identity.keyPem, cert: identity.chainPem, ca: trust, requestCert: true, rejectUnauthorized: true };
  return https.createServer(tls, (request, response) => {
    const { raw } = (request.socket as TLSSocket).getPeerX509Certificate() ?? {};
    void isBound(request, raw).then((bound) => response.writeHead(bound ? 200 : 401).end());
  });
}

async function isBound({ headers }: IncomingMessage, certificate: Uint8Array | undefined): Promise<boolean> {
  if (!certificate) return false;
  try {
    const [, token = ''] = /^Bearer (\S+)$/iu.exec(headers.authorization ?? '') ?? [];
    const { payload } = await jwtVerify<{ cnf?: Record<string, unknown> }>(token, keys.publicKey, { issuer, algorithms: ['EdDSA'] });
    return payload.cnf?.['x5t#S256'] === createHash('sha256').update(certificate).digest('base64url');
  } catch {
    return false; // no token, or not one of the issuer
  }
}

/** The authorization server signs the claims that the suite asks for. */
function issueToken(claims: TokenClaims): Promise<string> {
  const token = new SignJWT({ ...claims }).setProtectedHeader({ alg: 'EdDSA' }).setIssuer(issuer).setExpirationTime('5 min');
  return token.sign(keys.privateKey);
}

describeBoundTokensUnderTest('the resource server', { start: startResourceServer, issueToken });
// #endregion

// #region behind-proxy
import http from 'node:http';
import { X509Certificate } from 'node:crypto';

/** The same behind nginx, which ends TLS and sends `$ssl_client_escaped_cert` as X-SSL-CERT. */
function startBehindNginx(): http.Server {
  return http.createServer((request, response) => {
    const escaped = request.headers['x-ssl-cert'];
    const certificate = typeof escaped === 'string' ? certificateIn(escaped) : undefined;
    void isBound(request, certificate).then((bound) => response.writeHead(bound ? 200 : 401).end());
  });
}

/** Empty where the client has none. */
function certificateIn(escaped: string): Uint8Array | undefined {
  return escaped === '' ? undefined : new X509Certificate(decodeURIComponent(escaped)).raw;
}

describeBoundTokensUnderTest('the resource server behind nginx', { start: startBehindNginx, format: 'nginx', issueToken });
// #endregion

// #region claims
import { boundClaims } from 'mtls-fixtures/forwarded';
import { expect, test } from 'mtls-fixtures/vitest';

test('a client is let in with a token that is bound to its certificate', async ({ pki }) => {
  const alice = pki.client('alice');
  const token = await issueToken({ ...boundClaims(alice), sub: 'alice' });

  const request = { headers: { authorization: `Bearer ${token}` } } as IncomingMessage; // what isBound reads of it
  expect(await isBound(request, alice.certificate.raw)).toBe(true);
  expect(await isBound(request, pki.client('mallory').certificate.raw)).toBe(false);
});
// #endregion
