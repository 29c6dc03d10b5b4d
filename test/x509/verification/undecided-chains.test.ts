import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { contextPrimitive, element, integer, nullValue, objectIdentifier, sequence } from '../../../src/asn1/der-writer.ts';
import { keyUsage } from '../../../src/x509/extensions.ts';
import { uriName } from '../../../src/x509/names/general-name.ts';
import { nameVerifyFailure } from '../../../src/x509/verification/verify-failure.ts';
import { type ChainChanges, changes, extended, makeChain } from './chain-maker.ts';
import { called, constrained, named, unknownCritical, withKey } from './chain-changes.ts';

/** What OpenSSL does with these depends on what is not looked into here. */
const undecidedChains: readonly (readonly [string, ChainChanges])[] = [
  [
    'a proxy certificate',
    { leaf: extended({ oid: '1.3.6.1.5.5.7.1.14', value: sequence(sequence(objectIdentifier('1.3.6.1.5.5.7.21.1'))) }) },
  ],
  ['address blocks', { leaf: extended({ oid: '1.3.6.1.5.5.7.1.7', value: sequence() }) }],
  ['an extension that comes twice', { leaf: ({ extensions }) => extensions.push(...extensions.slice(0, 1)) }],
  ['a key usage without use', { intermediates: [extended({ ...keyUsage(['keyCertSign']), value: element(0x03, Uint8Array.of(7, 0)) })] }],
  ['a URI with a user', { ...constrained({ excluded: { uri: 'a.test' } }), leaf: named(uriName('https://user@a.test/')) }],
  [
    'a mailbox with two @',
    { ...constrained({ excluded: { email: 'a.test' } }), leaf: named(contextPrimitive(1, Buffer.from('a@b@a.test'))) },
  ],
  ['a key of an unknown kind', { leaf: (draft) => (draft.spki = unknownKey()) }],
  ['a CRL of some reasons', { crls: [(plan) => (plan.extensions = [...plan.extensions, { oid: '2.5.29.28', value: sequence() }])] }],
  [
    'a distribution point of another issuer',
    {
      crls: [],
      leaf: extended({ oid: '2.5.29.31', value: sequence(sequence(element(0xa2, contextPrimitive(6, Buffer.from('http://a.test'))))) }),
    },
  ],
];

test.for(undecidedChains)('what cannot be told for sure is not named: %s', ([, odd]) => {
  const critical = extended(unknownCritical);

  expect(nameVerifyFailure(makeChain('client', { crls: [], leaf: critical }))).toBe('UNHANDLED_CRITICAL_EXTENSION');
  expect(nameVerifyFailure(makeChain('client', { ...odd, leaf: changes(odd.leaf ?? critical, critical) }))).toBeUndefined();
});

describe('a CRL is found for each certificate', () => {
  const made = makeChain('client', { crls: [], leaf: extended(unknownCritical) });
  const { crls = [] } = made;

  test('by the key identifier of its issuer where names are the same', () => {
    const others = makeChain('client', {
      intermediates: [withKey(p384)],
      crls: [() => {}, (list) => (list.extensions = [...list.extensions, unknownCritical])],
    });

    expect(nameVerifyFailure({ ...made, crls: [...crls, ...(others.crls ?? []).slice(1)] })).toBe('UNHANDLED_CRITICAL_EXTENSION');
  });

  test('not where there are two of one issuer', () => {
    const newer = makeChain('client', { crls: [(list) => (list.thisUpdate = new Date())] });

    expect(nameVerifyFailure({ ...made, crls: [...crls, ...crls] })).toBe('UNHANDLED_CRITICAL_EXTENSION');
    expect(nameVerifyFailure({ ...made, crls: [...crls, ...(newer.crls ?? [])] })).toBeUndefined();
  });

  test('not where two authorities of a chain have one name', () => {
    const same = called('same');
    const namesakes = makeChain('client', { root: same, intermediates: [same], leaf: extended(unknownCritical), crls: [] });

    expect(nameVerifyFailure({ ...namesakes, crls: [] })).toBe('UNHANDLED_CRITICAL_EXTENSION');
    expect(nameVerifyFailure(namesakes)).toBeUndefined();
  });
});

function unknownKey(): Uint8Array {
  return sequence(sequence(objectIdentifier('1.2.3.4.5'), nullValue()), element(0x03, Uint8Array.of(0), integer(1)));
}

function p384(): KeyObject {
  return generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey;
}
