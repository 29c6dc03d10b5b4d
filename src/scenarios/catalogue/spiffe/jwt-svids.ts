import { createHmac, type KeyObject } from 'node:crypto';
import { createJwtKey, keysOfJwks } from '../../../spiffe/jwt/jwks.ts';
import { signJwt, unsignedJwt } from '../../../spiffe/jwt/jwt-svid.ts';
import type { SpiffeScenarioId } from '../ids/spiffe-ids.ts';
import { accepted, rejectedBy } from '../protocol-definition.ts';
import type { Cwe, Reference, Severity } from '../references.ts';
import { bundleOfDomain, forWorkloads, type SpiffeDefinition } from './spiffe-definition.ts';
import type { SpiffeScenario, TokenFacts, TokenIssuer } from './spiffe-scenario.ts';

/** Requests of the authorized client with tokens, to services that authenticate by JWT-SVIDs as well. */
export const jwtSvids = (): readonly SpiffeScenario[] =>
  forWorkloads(
    {
      id: 'workload-jwt',
      title: 'a request with a JWT-SVID of the authorized id, for the audience of the service',
      differs: 'nothing: each request of the authorized client has such a token',
      tier: 'core',
      references: [validation],
      trial: { kind: 'jwt', mint: ({ claims, home }) => home.signJwt(claims) },
      expected: accepted,
    },
    ...wrongClaims(),
    ...wrongKeys(),
  );

function wrongClaims(): readonly SpiffeDefinition[] {
  return [
    refused('workload-jwt-missing', 'without a token', {
      differs: 'the request has no token; the client certificate is the authorized one',
      references: [validation],
      cwes: ['CWE-306'],
      mint: () => undefined,
    }),
    refused('workload-jwt-other-audience', 'with a JWT-SVID for another audience', {
      differs: 'its audience is another service, to which the client has sent it',
      references: [audience],
      severity: 'high',
      cwes: ['CWE-287'],
      mint: ({ claims, home }) => home.signJwt({ ...claims, aud: ['mtls-fixtures-other'] }),
    }),
    refused('workload-jwt-longer-audience', 'with a JWT-SVID whose audience only begins with that of the service', {
      differs: 'its audience, one text, is that of the service and -other behind it',
      references: [audience],
      severity: 'high',
      cwes: ['CWE-287'],
      mint: ({ claims, home, audience: own }) => home.signJwt({ ...claims, aud: `${own}-other` }),
    }),
    refused('workload-jwt-without-audience', 'with a JWT-SVID without audience', {
      differs: 'it has no claim aud',
      references: [audience],
      severity: 'high',
      cwes: ['CWE-287'],
      mint: ({ claims: { aud: _aud, ...claims }, home }) => home.signJwt(claims),
    }),
    refused('workload-jwt-expired', 'with a JWT-SVID that has expired', {
      differs: 'it expired an hour ago',
      references: [expiration],
      severity: 'high',
      cwes: ['CWE-613'],
      mint: ({ claims, home }) => home.signJwt({ ...claims, iat: claims.iat - 2 * hour, exp: claims.iat - hour }),
    }),
    refused('workload-jwt-without-expiry', 'with a JWT-SVID without an expiration', {
      differs: 'it has no claim exp',
      references: [expiration],
      severity: 'medium',
      cwes: ['CWE-613'],
      mint: ({ claims: { exp: _exp, ...claims }, home }) => home.signJwt(claims),
    }),
    refused('workload-jwt-other-id', 'with a JWT-SVID of another workload of the trust domain', {
      differs: 'its subject is another id than the authorized one',
      references: [{ document: 'JWT-SVID', section: '3.1', note: 'the subject is the SPIFFE id of the workload' }],
      cwes: ['CWE-863'],
      mint: ({ claims, home }) => home.signJwt({ ...claims, sub: `${claims.sub}-mtls-fixtures-other` }),
    }),
  ];
}

function wrongKeys(): readonly SpiffeDefinition[] {
  return [
    refused('workload-jwt-federated-subject', 'with a token of the authorized federated id, signed by a key of the own trust domain', {
      differs: 'its subject is of the federated trust domain, its key and kid are those of the own one',
      references: [bundleOfDomain],
      needsFederated: true,
      mint: ({ claims, home, authorizedFederated }) => home.signJwt({ ...claims, sub: authorizedFederated }),
    }),
    refused('workload-jwt-federated-key', 'with a token of the authorized id, signed by a key of the federated trust domain', {
      differs: 'its key and kid are those of the federated trust domain',
      references: [bundleOfDomain],
      mint: ({ claims, federated }) => federated.signJwt(claims),
    }),
    refused('workload-jwt-other-key', 'with a token that names the key of the trust domain and is signed by another', {
      differs: 'its kid is that of the trust domain; its key is in no bundle',
      references: [signature],
      mint: ({ claims, home }) => signJwt(claims, createJwtKey(), { kid: kidOf(home) }),
    }),
    refused('workload-jwt-unknown-key', 'with a token that is signed by a key of no bundle', {
      differs: 'its key and kid are in no bundle',
      references: [bundleOfDomain],
      mint: ({ claims }) => signJwt(claims, createJwtKey()),
    }),
    refused('workload-jwt-unsigned', 'with a token without a signature', {
      differs: 'its alg is none, and its signature is empty',
      references: [algorithms],
      mint: ({ claims, home }) => `${unsignedJwt(claims, { alg: 'none', kid: kidOf(home), typ: 'JWT' })}.`,
    }),
    refused('workload-jwt-hmac', 'with a token whose HMAC is made with the public key of the trust domain', {
      differs: 'its alg is HS256; the secret is the PEM of the public key',
      references: [algorithms],
      mint: ({ claims, home }) => byHmac(claims, home),
    }),
  ];
}

/** What differs from row to row; critical unless given. */
interface RefusedToken extends Pick<SpiffeDefinition, 'differs' | 'references' | 'needsFederated'> {
  readonly mint: (facts: TokenFacts) => string | undefined;
  readonly severity?: Severity;
  readonly cwes?: readonly Cwe[];
}

function refused(
  id: SpiffeScenarioId,
  how: string,
  { mint, severity = 'critical', cwes = ['CWE-347'], ...rest }: RefusedToken,
): SpiffeDefinition {
  return {
    ...rest,
    id,
    severity,
    cwes,
    title: `a request of the authorized client ${how}`,
    tier: 'core',
    trial: { kind: 'jwt', mint },
    expected: rejectedBy('server'),
  };
}

/** The public key as PEM is what libraries have been given as a secret. */
function byHmac(claims: object, issuer: TokenIssuer): string {
  const [kid, key] = oldestKey(issuer);
  const signed = unsignedJwt(claims, { alg: 'HS256', kid, typ: 'JWT' });
  const secret = key.export({ type: 'spki', format: 'pem' });
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}

function kidOf(issuer: TokenIssuer): string {
  const [kid] = oldestKey(issuer);
  return kid;
}

function oldestKey({ jwtBundle }: TokenIssuer): readonly [string, KeyObject] {
  const last = [...keysOfJwks(jwtBundle)].at(-1);
  if (!last) throw new TypeError('the trust domain has no key for JWT-SVIDs'); // it is made with one
  return last;
}

const hour = 3600;
const validation: Reference = { document: 'JWT-SVID', section: '4', note: 'validation of a token' };
const audience: Reference = { document: 'JWT-SVID', section: '3.2', note: 'a token without the audience of the validator is rejected' };
const expiration: Reference = { document: 'JWT-SVID', section: '4', note: 'aud and exp are there and processed as RFC 7519 says' };
const algorithms: Reference = { document: 'JWT-SVID', section: '2.1', note: 'tokens of other algorithms are rejected' };
const signature: Reference = { rfc: 7515, section: '5.2' };
