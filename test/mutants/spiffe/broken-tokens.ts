import { createHmac, createPublicKey } from 'node:crypto';
import { compactVerify, createLocalJWKSet, decodeJwt, decodeProtectedHeader, type JWK } from 'jose';
import { authorizes } from './correct-services.ts';
import type { SpiffeMutant } from './spiffe-subject.ts';
import { audience, domainOf, isVerified, serviceWithTokens, type TokenKnowledge, type TokenRule, verifyByJose } from './token-service.ts';

/** Services that are wrong about JWT-SVIDs. */
export const wrongTokens: readonly SpiffeMutant[] = [
  mutant('needs no token', 'It verifies a token where there is one.', ['workload-jwt-missing'], async (token, knowledge) =>
    token === '' ? true : verifyByJose(token, knowledge),
  ),
  mutant(
    'ignores the audience',
    'It does not look at the audience.',
    ['workload-jwt-other-audience', 'workload-jwt-longer-audience', 'workload-jwt-without-audience'],
    anyAudience(() => true),
  ),
  mutant(
    'looks for the audience in the text',
    'It looks whether aud includes its audience, which a longer text does too.',
    ['workload-jwt-longer-audience'],
    anyAudience((aud) => aud?.includes(audience) === true),
  ),
  mutant(
    'needs no audience',
    'It compares the audience where there is one.',
    ['workload-jwt-without-audience'],
    anyAudience((aud) => aud === undefined || [aud].flat().includes(audience)),
  ),
  mutant('ignores expiration', 'It does not look whether the token has expired.', ['workload-jwt-expired'], (token, knowledge) =>
    verifyByJose(token, knowledge, { currentDate: new Date(0) }),
  ),
  mutant('needs no expiration', 'It takes tokens that never expire.', ['workload-jwt-without-expiry'], (token, knowledge) =>
    verifyByJose(token, knowledge, { requiredClaims: [] }),
  ),
  mutant('takes tokens of each member', 'It authorizes every subject of the trust domain.', ['workload-jwt-other-id'], (token, knowledge) =>
    verifyByJose(token, { ...knowledge, ids: [...knowledge.ids, subjectOf(token)] }),
  ),
  mutant(
    'pools JWT bundles',
    'It accepts a token of whatever key is in some bundle.',
    ['workload-jwt-federated-subject', 'workload-jwt-federated-key'],
    (token, { bundles, ids }) => isVerified(token, { bundle: { keys: [...bundles.values()].flatMap(({ keys }) => keys) }, ids }),
  ),
  mutant(
    'decodes tokens',
    'It reads the claims and does not verify the signature.',
    ['workload-jwt-other-key', 'workload-jwt-unknown-key', 'workload-jwt-unsigned', 'workload-jwt-hmac'],
    async (token, { ids }) => isMeant(token, ids),
  ),
  mutant(
    'looks for the key',
    'It looks whether the key is in the bundle, and verifies nothing with it.',
    ['workload-jwt-other-key'],
    async (token, knowledge) => keyOf(token, knowledge) !== undefined && isMeant(token, knowledge.ids),
  ),
  mutant(
    'takes tokens of unknown keys',
    'It verifies tokens only whose key is in the bundle.',
    ['workload-jwt-unknown-key'],
    async (token, knowledge) => (keyOf(token, knowledge) === undefined ? isMeant(token, knowledge.ids) : verifyByJose(token, knowledge)),
  ),
  mutant(
    'takes tokens of alg none',
    'It takes the algorithm of the token, which may be none.',
    ['workload-jwt-unsigned'],
    async (token, knowledge) =>
      decodeProtectedHeader(token).alg === 'none' ? isMeant(token, knowledge.ids) : verifyByJose(token, knowledge),
  ),
  mutant(
    'takes the key as a secret',
    'It verifies by the algorithm of the token, with the PEM of the public key as what is needed.',
    ['workload-jwt-hmac'],
    async (token, knowledge) =>
      decodeProtectedHeader(token).alg === 'HS256'
        ? isHmac(token, knowledge) && isMeant(token, knowledge.ids)
        : verifyByJose(token, knowledge),
  ),
];

/** Verifies the signature by jose, and the claims by itself. */
function anyAudience(isRight: (aud: string | string[] | undefined) => boolean): TokenRule {
  return async (token, { bundles, ids }) => {
    await compactVerify(token, createLocalJWKSet(bundles.get(domainOf(token)) ?? { keys: [] }));
    const { aud, exp = 0 } = decodeJwt(token);
    return ids.includes(subjectOf(token)) && exp * 1000 > Date.now() && isRight(aud);
  };
}

/** Whether the claims are as they have to be, whoever has signed them. */
function isMeant(token: string, ids: readonly string[]): boolean {
  const { aud, exp = 0 } = decodeJwt(token);
  return ids.includes(subjectOf(token)) && [aud].flat().includes(audience) && exp * 1000 > Date.now();
}

function isHmac(token: string, knowledge: TokenKnowledge): boolean {
  const key = keyOf(token, knowledge);
  if (!key) return false;
  const pem = createPublicKey({ key, format: 'jwk' }).export({ type: 'spki', format: 'pem' });
  const end = token.lastIndexOf('.');
  return createHmac('sha256', pem).update(token.slice(0, end)).digest('base64url') === token.slice(end + 1);
}

function keyOf(token: string, { bundles }: TokenKnowledge): JWK | undefined {
  const { kid } = decodeProtectedHeader(token);
  return bundles.get(domainOf(token))?.keys.find((key) => key.kid === kid);
}

function subjectOf(token: string): string {
  return decodeJwt(token).sub ?? '';
}

function mutant(name: string, mistake: string, caughtBy: SpiffeMutant['caughtBy'], rule: TokenRule): SpiffeMutant {
  return { name, mistake, caughtBy, source: { start: serviceWithTokens(rule), authorizes, jwt: { audience } } };
}
