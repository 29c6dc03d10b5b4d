import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { nameVerifyFailure } from '../../../src/x509/verification/verify-failure.ts';
import { changes, extended, makeChain } from './chain-maker.ts';
import { called, constrained, unknownCritical, withKey } from './chain-changes.ts';

describe('the chain is built as OpenSSL builds it', () => {
  const outside = makeChain('client', { ...constrained({ permitted: { dns: 'other.test' } }) });
  const [leaf = new Uint8Array(0), intermediate = new Uint8Array(0)] = outside.chain;
  const { anchors } = outside;

  test('from certificates in any order, with unrelated certificates and the root among them', () => {
    const unrelated = makeChain('client', { intermediates: [called('untrusted'), called('other untrusted')] }).chain.slice(1);

    expect(nameVerifyFailure({ chain: [leaf, ...unrelated, ...anchors, intermediate, leaf], anchors })).toBe('PERMITTED_VIOLATION');
  });

  test('trusted issuers first: one of the same name and key takes the place of what was presented', () => {
    const [, sound = new Uint8Array(0)] = makeChain('client').chain;

    expect(nameVerifyFailure({ chain: outside.chain, anchors: [...anchors, sound] })).toBeUndefined();
    expect(nameVerifyFailure({ chain: [leaf, sound], anchors: [...anchors, intermediate] })).toBe('PERMITTED_VIOLATION');
  });

  test('as far as it goes where nothing of it is trusted', () => {
    expect(nameVerifyFailure({ chain: outside.chain, anchors: [] })).toBe('PERMITTED_VIOLATION');
    expect(nameVerifyFailure({ chain: [leaf], anchors })).toBeUndefined();
  });

  test('by key identifiers where names are the same', () => {
    const [, namesake = new Uint8Array(0)] = makeChain('client', {
      intermediates: [changes(withKey(p384), extended(unknownCritical))],
    }).chain;

    expect(nameVerifyFailure({ chain: [leaf, namesake, intermediate], anchors })).toBe('PERMITTED_VIOLATION');
  });

  test('not at all where two certificates could be the issuer', () => {
    const [, sound = new Uint8Array(0)] = makeChain('client').chain;

    expect(nameVerifyFailure({ chain: [leaf, intermediate, sound], anchors })).toBeUndefined();
    expect(nameVerifyFailure({ chain: [leaf, intermediate, intermediate], anchors })).toBe('PERMITTED_VIOLATION');
  });
});

function p384(): KeyObject {
  return generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey;
}
