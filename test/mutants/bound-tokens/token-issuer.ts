import { generateKeyPairSync } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { type JWTPayload, jwtVerify, SignJWT } from 'jose';
import type { TokenClaims } from '../../../src/scenarios/run/bound-tokens/token-claims.ts';

const keys = generateKeyPairSync('ed25519');

/** Signs a token, as the authorization server does that all of these trust. */
export function issueToken(claims: TokenClaims): Promise<string> {
  return new SignJWT({ ...claims })
    .setProtectedHeader({ alg: 'EdDSA' })
    .setIssuer('https://as.test')
    .setExpirationTime('5 min')
    .sign(keys.privateKey);
}

/** The claims of a token of that authorization server; throws where it is not one. */
export async function verifiedClaims(token: string): Promise<JWTPayload> {
  return (await jwtVerify(token, keys.publicKey, { issuer: 'https://as.test', algorithms: ['EdDSA'] })).payload;
}

/** The token of a request; empty where it has none. */
export function tokenOf({ headers }: IncomingMessage): string {
  return /^Bearer (\S+)$/iu.exec(headers.authorization ?? '')?.[1] ?? '';
}

/** What the claim `cnf` has under a name. */
export function confirmed({ cnf }: JWTPayload, name = 'x5t#S256'): unknown {
  return (Object(cnf) as Readonly<Record<string, unknown>>)[name]; // nothing of what is not an object
}
