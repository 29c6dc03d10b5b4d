import { constants, createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { expect, test } from 'vitest';
import { createJwtKey, jwksOf, keysOfJwks } from '../../../src/spiffe/jwt/jwks.ts';
import { signJwt, signJwtSvid, validateJwtSvid } from '../../../src/spiffe/jwt/jwt-svid.ts';

const id = 'spiffe://example.test/web';
const key = createJwtKey();
const foreign = createJwtKey();
const now = Date.now();
const minute = 60_000;
const usual = { id, audience: ['reports'], issuedAt: now, expiresAt: now + minute };
const bundles = new Map([
  ['example.test', keysOfJwks(jwksOf([key]))],
  ['other.test', keysOfJwks(jwksOf([foreign]))],
]);
const validation = { audience: 'reports', now, keysOf: (trustDomain: string) => bundles.get(trustDomain) };
const part = (json: object): string => Buffer.from(JSON.stringify(json)).toString('base64url');
const claims = { sub: id, aud: ['reports'], exp: Math.floor((now + minute) / 1000) };
const es256 = (text: string, { privateKey }: { readonly privateKey: KeyObject }): string =>
  sign('sha256', Buffer.from(text), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url');
const signed = (header: object, body: object, signer = key): string => {
  const text = `${part(header)}.${part(body)}`;
  return `${text}.${es256(text, signer)}`;
};

test('a JWT-SVID says what it is to say, and is valid for its audience', () => {
  const token = signJwtSvid(usual, key);

  expect(validateJwtSvid(token, validation)).toEqual({
    id,
    claims: { sub: id, aud: ['reports'], iat: Math.floor(now / 1000), exp: Math.floor((now + minute) / 1000) },
  });
});

test('one of several audiences, and an audience as text, are enough', () => {
  expect(validateJwtSvid(signJwtSvid({ ...usual, audience: ['billing', 'reports'] }, key), validation)).toHaveProperty('id', id);
  expect(validateJwtSvid(signed({ alg: 'ES256', kid: key.id }, { ...claims, aud: 'reports' }), validation)).toHaveProperty('id', id);
});

test.for<[what: string, problem: RegExp, token: string]>([
  ['for another audience', /another audience/u, signJwtSvid({ ...usual, audience: ['billing'] }, key)],
  ['without an audience', /another audience/u, signed({ alg: 'ES256', kid: key.id }, { ...claims, aud: undefined })],
  ['that has expired', /expired/u, signJwtSvid({ ...usual, expiresAt: now - minute }, key)],
  ['without an expiration', /no expiration/u, signed({ alg: 'ES256', kid: key.id }, { ...claims, exp: undefined })],
  [
    'of a trust domain without a bundle',
    /no JWT bundle for trust domain "evil\.test"/u,
    signJwtSvid({ ...usual, id: 'spiffe://evil.test/web' }, key),
  ],
  ['signed by a key of another trust domain', /a key that the bundle/u, signJwtSvid(usual, foreign)],
  [
    'signed by a key of another trust domain, by the id of the own one',
    /signature/u,
    signed({ alg: 'ES256', kid: key.id }, claims, foreign),
  ],
  [
    'of another trust domain, signed by the own key',
    /a key that the bundle/u,
    signJwtSvid({ ...usual, id: 'spiffe://other.test/web' }, key),
  ],
  [
    'whose claims were changed',
    /signature/u,
    signJwtSvid(usual, key).replace(/\.[^.]+\./u, `.${part({ ...claims, sub: `${id}/admin` })}.`),
  ],
  ['with the algorithm none', /algorithm/u, `${part({ alg: 'none', kid: key.id })}.${part(claims)}.`],
  [
    'with an HMAC',
    /algorithm/u,
    `${part({ alg: 'HS256', kid: key.id })}.${part(claims)}.${createHmac('sha256', 'k').update('x').digest('base64url')}`,
  ],
  ['with the name of a method of objects as algorithm', /algorithm/u, signed({ alg: 'toString', kid: key.id }, claims)],
  ['of another type', /type/u, signed({ alg: 'ES256', kid: key.id, typ: 'at+jwt' }, claims)],
  ['whose subject is not a SPIFFE ID', /subject/u, signed({ alg: 'ES256', kid: key.id }, { ...claims, sub: 'web' })],
  ['without a key id', /a key that the bundle/u, signed({ alg: 'ES256' }, claims)],
  ['with an RSA algorithm for a key of P-256', /signature/u, signed({ alg: 'RS256', kid: key.id }, claims)],
  ['that is not a token', /compact serialization/u, 'x.y.z'],
  ['of two parts', /compact serialization/u, signJwtSvid(usual, key).replace(/\.[^.]+$/u, '')],
])('a token %s is not valid', ([, problem, token]) => {
  expect(validateJwtSvid(token, validation)).toEqual({ problem: expect.stringMatching(problem) });
});

test('tokens of RSA keys in a federated bundle are validated, by either padding', () => {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const keysOf = (): ReadonlyMap<string, KeyObject> => keysOfJwks(jwksOf([{ id: 'r', publicKey }]));
  const token = (alg: string, padding: number): string => {
    const text = `${part({ alg, kid: 'r' })}.${part(claims)}`;
    return `${text}.${sign('sha256', Buffer.from(text), { key: privateKey, padding, ...(alg === 'PS256' && { saltLength: 32 }) }).toString('base64url')}`;
  };

  expect(validateJwtSvid(token('RS256', constants.RSA_PKCS1_PADDING), { ...validation, keysOf })).toHaveProperty('id', id);
  expect(validateJwtSvid(token('PS256', constants.RSA_PKCS1_PSS_PADDING), { ...validation, keysOf })).toHaveProperty('id', id);
  expect(validateJwtSvid(token('PS256', constants.RSA_PKCS1_PADDING), { ...validation, keysOf })).toHaveProperty('problem');
});

test.for([
  ['text that is not JSON', 'keys'],
  ['no list of keys', '{}'],
  ['a key without an id', JSON.stringify({ keys: [{ ...key.publicKey.export({ format: 'jwk' }), use: 'jwt-svid' }] })],
  ['a key that cannot be read', '{"keys":[{"kty":"EC","kid":"a","use":"jwt-svid"}]}'],
] as const)('%s is not a JWKS document of a bundle', ([, document]) => {
  expect(() => keysOfJwks(document)).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }));
  expect([...keysOfJwks(jwksOf([key])).keys()]).toEqual([key.id]);
});

test('any claims can be signed, and fields of the header can be replaced', () => {
  const [header = ''] = signJwt(claims, key, { kid: 'other', typ: undefined }).split('.');

  expect(validateJwtSvid(signJwt(claims, key), validation)).toHaveProperty('id', id);
  expect(validateJwtSvid(signJwt({ ...claims, aud: undefined }, key), validation)).toEqual({ problem: 'token is for another audience' });
  expect(JSON.parse(Buffer.from(header, 'base64url').toString())).toEqual({ alg: 'ES256', kid: 'other' });
});
