import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { tokenClaims } from '../../../../src/scenarios/run/bound-tokens/token-claims.ts';

const certificate = Buffer.from('a certificate');
const hex = createHash('sha256').update(certificate).digest('hex');
const thumbprint = Buffer.from(hex, 'hex').toString('base64url');

test.for([
  [undefined, { 'x5t#S256': thumbprint }],
  ['thumbprint', { 'x5t#S256': thumbprint }],
  ['empty', {}],
  ['jkt', { jkt: thumbprint }],
  ['empty-thumbprint', { 'x5t#S256': '' }],
  ['truncated', { 'x5t#S256': thumbprint.slice(0, 21) }],
  ['longer', { 'x5t#S256': thumbprint + thumbprint }],
  ['upper-case', { 'x5t#S256': thumbprint.toUpperCase() }],
  ['sha1', { x5t: createHash('sha1').update(certificate).digest('base64url') }],
  ['hex', { 'x5t#S256': hex }],
  ['base64', { 'x5t#S256': Buffer.from(hex, 'hex').toString('base64') }],
  ['padded', { 'x5t#S256': `${thumbprint}=` }],
] as const)('the confirmation %s is written as %o', ([form, cnf]) => {
  expect(tokenClaims('alice', certificate, form)).toEqual({ sub: 'alice', cnf });
});

test('a token that is not bound has no confirmation at all', () => {
  expect(tokenClaims('alice', certificate, 'none')).toEqual({ sub: 'alice' });
});
