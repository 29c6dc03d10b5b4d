// Run by describe-bound-tokens-under-test.test.ts, which looks at what becomes of these tests.
import type { IncomingMessage } from 'node:http';
import https from 'node:https';
import type { TLSSocket } from 'node:tls';
import { createHash } from 'node:crypto';
import { createPki } from '../../../src/index.ts';
import { type BoundTokensSource, describeBoundTokensUnderTest, type TokenClaims } from '../../../src/vitest/index.ts';

const pki = createPki();
const issued = new Map<string, TokenClaims>();
const only = ['bound-token-of-another-key', 'bound-token-rebound'];

const correct = answering((thumbprint, request) => (thumbprint === ofClient(request) ? 200 : 401));

describeBoundTokensUnderTest('correct', correct, { pki, only, skip: { 'bound-token-rebound': 'not here' } });
describeBoundTokensUnderTest('opaque tokens', correct, { pki, only });
describeBoundTokensUnderTest('is expected to accept', correct, {
  pki,
  only,
  expected: { 'bound-token-of-another-key': { verdict: 'accepted' } },
});
describeBoundTokensUnderTest(
  'accepts every client',
  answering(() => 204),
  { pki, only },
);
describeBoundTokensUnderTest(
  'refuses every client',
  answering(() => 403),
  { pki, only },
);
describeBoundTokensUnderTest(
  'fails',
  answering((thumbprint, request) => (thumbprint === ofClient(request) ? 200 : 500)),
  { pki, only },
);
describeBoundTokensUnderTest(
  'refuses by 404',
  answering((thumbprint, request) => (thumbprint === ofClient(request) ? 200 : 404)),
  {
    pki,
    only,
    refusals: [404],
  },
);
describeBoundTokensUnderTest('issues no token', { ...correct, issueToken: () => Promise.reject(new Error('no key')) }, { pki, only });
describeBoundTokensUnderTest('issues what is none', { ...correct, issueToken: () => 'two words' }, { pki, only });
describeBoundTokensUnderTest(
  'issues bound tokens alone',
  {
    ...correct,
    issueToken: (claims) => {
      if (!claims.cnf) throw new Error('no cnf');
      return correct.issueToken(claims);
    },
  },
  { pki, only: ['bound-token-unbound'] },
);
describeBoundTokensUnderTest('ends TLS itself', correct, { pki, only: ['bound-token-shared-connection'] });
describeBoundTokensUnderTest(
  'does not know another name',
  answering((thumbprint, request) =>
    thumbprint === ofClient(request) && (request.socket as TLSSocket).getPeerX509Certificate()?.subject === 'CN=client' ? 200 : 401,
  ),
  { pki, only: ['bound-token-of-another-client'] },
);
describeBoundTokensUnderTest('is not there', { ...correct, start: undefined, target: { host: '127.0.0.1', port: 1 } }, { pki, only });

/** A resource server with opaque tokens, that answers with a status. */
function answering(statusFor: (thumbprint: unknown, request: IncomingMessage) => number): BoundTokensSource {
  return {
    start: ({ identity, trust }) => {
      const tls = { key: identity.keyPem, cert: identity.chainPem, ca: trust, requestCert: true, rejectUnauthorized: true };
      return https.createServer(tls, (request, response) => {
        const claims = issued.get(request.headers.authorization?.replace('Bearer ', '') ?? '');
        response.writeHead(statusFor(claims?.cnf?.['x5t#S256'], request)).end();
      });
    },
    issueToken: (claims) => {
      const token = crypto.randomUUID();
      issued.set(token, claims);
      return token;
    },
  };
}

function ofClient(request: IncomingMessage): string {
  const certificate = (request.socket as TLSSocket).getPeerX509Certificate(); // it is a server of https
  return createHash('sha256')
    .update(certificate?.raw ?? '')
    .digest('base64url');
}
