import { createPublicKey, generateKeyPairSync, type KeyObject, randomBytes, type webcrypto } from 'node:crypto';
import { invalidOption } from '../../errors/index.ts';

/** A key that signs JWT-SVIDs, of P-256 for ES256. */
export interface JwtKey {
  readonly id: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** Makes one, with an id that no other has. */
export function createJwtKey(): JwtKey {
  return { id: randomBytes(16).toString('base64url'), ...generateKeyPairSync('ec', { namedCurve: 'P-256' }) };
}

/** The JWKS document of keys: `kid` and `use` are there in each (JWT-SVID 5.1). */
export function jwksOf(keys: readonly Pick<JwtKey, 'id' | 'publicKey'>[]): string {
  return JSON.stringify({ keys: keys.map(({ id, publicKey }) => ({ ...publicKey.export({ format: 'jwk' }), kid: id, use: 'jwt-svid' })) });
}

/** The keys for JWT-SVIDs of a JWKS document, by their ids. Throws `OPTION_INVALID` for text that is not one. */
export function keysOfJwks(document: string): ReadonlyMap<string, KeyObject> {
  try {
    const { keys } = JSON.parse(document) as {
      readonly keys: readonly (webcrypto.JsonWebKey & { readonly kid?: unknown; readonly use?: unknown })[];
    }; // anything else throws below
    const ours = keys.filter(({ use }) => use === 'jwt-svid');
    return new Map(
      ours.map((key) => {
        if (typeof key.kid !== 'string' || key.kid === '') throw new TypeError('a key has no kid');
        return [key.kid, createPublicKey({ key, format: 'jwk' })];
      }),
    );
  } catch (cause) {
    throw invalidOption('jwtBundle', document.slice(0, 40), 'a JWKS document whose keys have kid and the use jwt-svid (JWT-SVID 5.1)', {
      cause,
    });
  }
}
