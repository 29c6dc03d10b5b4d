import { generateKeyPairSync } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader, jwtVerify, SignJWT } from 'jose';
import { expect, test } from 'vitest';
import { reboundToken } from '../../../../src/scenarios/run/bound-tokens/rebound-token.ts';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const token = await new SignJWT({ sub: 'alice', cnf: { 'x5t#S256': 'of-alice' } }).setProtectedHeader({ alg: 'EdDSA' }).sign(privateKey);

test.for([
  ['signed', 'EdDSA', 'JWSSignatureVerificationFailed'],
  ['unsigned', 'none', 'JOSEAlgNotAllowed'],
] as const)('a token that is changed as %s names the other thumbprint, and its signature does not hold', async ([how, alg, name]) => {
  const changed = reboundToken(token, 'of-mallory', how) ?? '';
  const verified = (text: string): Promise<unknown> => jwtVerify(text, publicKey, { algorithms: ['EdDSA'] });

  expect(decodeJwt(changed)).toEqual({ sub: 'alice', cnf: { 'x5t#S256': 'of-mallory' } });
  expect(decodeProtectedHeader(changed)).toEqual({ alg });
  await expect(verified(changed)).rejects.toMatchObject({ name });
  await expect(verified(token)).resolves.toMatchObject({ payload: { sub: 'alice' } }); // the control
});

test.for(['opaque', 'a.b', 'a.b.c', `${token}.d`, 'bnVsbA.bnVsbA.c'])('the token %s is not a signed JWT, and is left alone', (opaque) => {
  expect(reboundToken(opaque, 'of-mallory', 'signed')).toBeUndefined();
});
