import { expect, test } from 'vitest';
import { requireJwt, tokenHeader } from '../../../../src/scenarios/run/spiffe/token-header.ts';

test('a token is sent as a bearer token, unless the service takes it otherwise', () => {
  const audience = 'billing';

  expect(tokenHeader({ audience }, 'a.b.c')).toEqual({ authorization: 'Bearer a.b.c' });
  expect(tokenHeader({ audience, header: 'X-Jwt-Svid' }, 'a.b.c')).toEqual({ 'X-Jwt-Svid': 'a.b.c' });
  expect(tokenHeader({ audience, header: 'x-auth: Svid' }, 'a.b.c')).toEqual({ 'x-auth': 'Svid a.b.c' });
});

test.for<[jwt: unknown, message: RegExp]>([
  [{}, /audience/u],
  [{ audience: '' }, /^Cannot use audience|^Cannot use jwt\.audience/u],
  [{ audience: 7 }, /audience/u],
  [{ audience: 'billing', header: '' }, /header "": expected the name of a header/u],
  [{ audience: 'billing', header: 'a b' }, /expected the name of a header/u],
  [{ audience: 'billing', header: 'a: b\r\nc: d' }, /expected the name of a header/u],
  [{ audience: 'billing', scheme: 'Bearer' }, /scheme/u],
])('%j does not say how a service takes tokens', ([jwt, message]) => {
  expect(() => requireJwt('jwt', jwt)).toThrow(
    expect.objectContaining({ code: 'OPTION_INVALID', message: expect.stringMatching(message) }),
  );
});

test('an audience is enough, and a header may be named', () => {
  expect(() => requireJwt('jwt', { audience: 'billing' })).not.toThrow();
  expect(() => requireJwt('jwt', { audience: 'billing', header: 'authorization: Bearer' })).not.toThrow();
});
