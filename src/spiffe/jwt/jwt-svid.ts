import { constants, type KeyObject, sign, verify } from 'node:crypto';
import { isSpiffeId, trustDomainOf } from '../../x509/names/spiffe-id.ts';
import type { JwtKey } from './jwks.ts';

/** What a JWT-SVID is to say (JWT-SVID 3). Times in milliseconds. */
export interface JwtSvidClaims {
  readonly id: string;
  readonly audience: readonly string[];
  readonly issuedAt: number;
  readonly expiresAt: number;
}

/** A JWT-SVID in compact serialization, signed by ES256. */
export function signJwtSvid({ id, audience, issuedAt, expiresAt }: JwtSvidClaims, key: JwtKey): string {
  return signJwt({ sub: id, aud: audience, iat: Math.floor(issuedAt / 1000), exp: Math.floor(expiresAt / 1000) }, key);
}

/** Any claims, signed by ES256; fields of the header stand above the usual ones. */
export function signJwt(claims: object, key: JwtKey, header: object = {}): string {
  const signed = unsignedJwt(claims, { alg: 'ES256', kid: key.id, typ: 'JWT', ...header });
  const signature = sign('sha256', Buffer.from(signed), { key: key.privateKey, dsaEncoding: 'ieee-p1363' });
  return `${signed}.${signature.toString('base64url')}`;
}

/** What the signature of a token is made over. */
export function unsignedJwt(claims: object, header: object): string {
  return `${encoded(header)}.${encoded(claims)}`;
}

/** What a token is validated against. */
export interface JwtValidation {
  readonly audience: string;
  /** In milliseconds. */
  readonly now: number;
  /** The keys of a trust domain by their ids; undefined for one without a bundle. */
  readonly keysOf: (trustDomain: string) => ReadonlyMap<string, KeyObject> | undefined;
}

/** A token that is valid, or why it is not. */
export type JwtVerdict = { readonly id: string; readonly claims: Readonly<Record<string, unknown>> } | { readonly problem: string };

/** Validates a JWT-SVID by the bundle of the trust domain that its subject is in (JWT-SVID 3 and 4). */
export function validateJwtSvid(token: string, { audience, now, keysOf }: JwtValidation): JwtVerdict {
  const [header64, claims64, signature64, ...more] = token.split('.');
  const header = decoded(header64);
  const claims = decoded(claims64);
  if (!header || !claims || signature64 === undefined || more.length > 0) return { problem: 'token is not a JWS in compact serialization' };
  const { alg, typ, kid } = header;
  const algorithm = typeof alg === 'string' && Object.hasOwn(algorithms, alg) ? algorithms[alg] : undefined;
  if (!algorithm) return { problem: 'token has an algorithm that JWT-SVIDs do not allow' };
  if (typ !== undefined && typ !== 'JWT' && typ !== 'JOSE') return { problem: 'token has another type than JWT or JOSE' };

  const { sub, aud, exp } = claims;
  if (typeof sub !== 'string' || !isSpiffeId(sub)) return { problem: 'token subject is not a SPIFFE ID' };
  if (typeof exp !== 'number') return { problem: 'token has no expiration' };
  const keys = keysOf(trustDomainOf(sub));
  if (!keys) return { problem: `no JWT bundle for trust domain "${trustDomainOf(sub)}"` };
  const key = typeof kid === 'string' ? keys.get(kid) : undefined;
  if (!key) return { problem: 'token is signed by a key that the bundle of its trust domain does not have' };
  if (!algorithm(key, Buffer.from(`${header64}.${claims64}`), Buffer.from(signature64, 'base64url')))
    return { problem: 'token signature is not valid' };
  if (exp * 1000 <= now) return { problem: 'token has expired' };
  const audiences: readonly unknown[] = Array.isArray(aud) ? aud : [aud];
  if (!audiences.includes(audience)) return { problem: 'token is for another audience' };
  return { id: sub, claims };
}

type Verification = (key: KeyObject, signed: Buffer, signature: Buffer) => boolean;

function rsa(digest: string): Verification {
  return (key, signed, signature) => key.asymmetricKeyType === 'rsa' && verify(digest, signed, key, signature);
}

function pss(digest: string): Verification {
  return (key, signed, signature) =>
    key.asymmetricKeyType === 'rsa' &&
    verify(digest, signed, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }, signature);
}

function ecdsa(digest: string, curve: string): Verification {
  return (key, signed, signature) =>
    key.asymmetricKeyDetails?.namedCurve === curve && verify(digest, signed, { key, dsaEncoding: 'ieee-p1363' }, signature);
}

function encoded(json: object): string {
  return Buffer.from(JSON.stringify(json)).toString('base64url');
}

function decoded(part: string | undefined): Readonly<Record<string, unknown>> | undefined {
  try {
    const json: unknown = JSON.parse(Buffer.from(part ?? '', 'base64url').toString());
    return typeof json === 'object' && json !== null ? (json as Readonly<Record<string, unknown>>) : undefined; // of JSON
  } catch {
    return undefined; // of a caller: the verdict says it
  }
}

/** JWT-SVID 2.1: these and no others. */
const algorithms: Readonly<Record<string, Verification>> = {
  RS256: rsa('sha256'),
  RS384: rsa('sha384'),
  RS512: rsa('sha512'),
  PS256: pss('sha256'),
  PS384: pss('sha384'),
  PS512: pss('sha512'),
  ES256: ecdsa('sha256', 'prime256v1'),
  ES384: ecdsa('sha384', 'secp384r1'),
  ES512: ecdsa('sha512', 'secp521r1'),
};
