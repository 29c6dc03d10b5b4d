import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { contextConstructed, contextPrimitive, nullValue, objectIdentifier, sequence } from '../../../src/asn1/der-writer.ts';
import { crlDistributionPoints, subjectAltName } from '../../../src/x509/extensions.ts';
import { dnsName, emailName, ipName, uriName } from '../../../src/x509/names/general-name.ts';
import { nameConstraints } from '../../../src/x509/names/name-constraints.ts';
import { nameVerifyFailure } from '../../../src/x509/verification/verify-failure.ts';
import { type ChainChanges, changes, extended, makeChain } from './chain-maker.ts';
import {
  called,
  constrained,
  ecdsaSha1,
  explicitCurve,
  listEntry,
  named,
  rsaKey,
  subjectOnly,
  subtrees,
  unknownCritical,
  withKey,
} from './chain-changes.ts';

/** Nothing of this is a defect, however near it comes to one. */
const soundChains: readonly (readonly [string, ChainChanges])[] = [
  ['without intermediates', { intermediates: [] }],
  ['of three intermediates', { intermediates: [() => {}, called('second'), called('third')] }],
  ['with an unknown extension that is not critical', { leaf: extended({ ...unknownCritical, critical: false }) }],
  [
    'with critical extensions that are processed',
    {
      leaf: changes(
        extended({ ...crlDistributionPoints(['http://a.test/crl']), critical: true }),
        extended({ ...subjectAltName([dnsName('localhost')], true) }),
        extended({ oid: '2.5.29.32', critical: true, value: sequence(sequence(objectIdentifier('1.2.3.4'))) }),
      ),
    },
  ],
  [
    'within constraints of every kind',
    {
      ...constrained({
        permitted: {
          dns: ['localhost', 'a.test'],
          ip: '127.0.0.0/8',
          uri: 'a.test',
          email: '.a.test',
          directory: [{ organization: 'Ours' }],
        },
        excluded: { dns: 'aa.test', ip: '127.1.0.0/16', uri: '.a.test', email: 'bob@x.a.test', directory: [{ organization: 'Theirs' }] },
      }),
      leaf: changes(
        called({ organization: 'ours', commonName: 'alice' }),
        named(dnsName('x.a.test'), ipName('127.0.0.1'), uriName('spiffe://A.test/x'), emailName('Bob@x.A.test')),
      ),
    },
  ],
  [
    'whose common name is not a host and whose constraints are for hosts',
    { ...constrained({ permitted: { dns: 'a.test' } }), leaf: subjectOnly('-alice.test') },
  ],
  [
    'whose common name is outside the constraints beside a DNS name that is inside',
    { ...constrained({ permitted: { dns: 'a.test' } }), leaf: changes(called('alice.other.test'), named(dnsName('a.test'))) },
  ],
  [
    'whose self-issued intermediate is outside the constraints of the root',
    {
      root: changes(called({ organization: 'Root' }), extended(nameConstraints({ permitted: { directory: [{ commonName: 'alice' }] } }))),
      intermediates: [called({ organization: 'Root' })],
      leaf: called('alice'),
    },
  ],
  [
    'whose intermediate is called like a host outside the constraints: only a leaf is asked about that',
    { root: extended(nameConstraints({ permitted: { dns: 'localhost' } })), intermediates: [called('ca.other.test')] },
  ],
  [
    'with constraints that cannot be read after one that covers',
    {
      intermediates: [
        extended(
          subtrees('permitted', contextPrimitive(7, Uint8Array.of(127, 0, 0, 0, 255, 0, 0, 0)), contextPrimitive(7, Uint8Array.of(10))),
        ),
      ],
    },
  ],
  [
    'with other names that are excluded, of another type',
    { intermediates: [extended(subtrees('excluded', otherName('1.2.3.4')))], leaf: named(otherName('1.2.3.5')) },
  ],
  [
    'with a minimum of 0',
    { intermediates: [extended(subtrees('permitted', sequence(dnsName('localhost'), contextPrimitive(0, Uint8Array.of(0)))))] },
  ],
  ['with RSA keys of 2048 bits', { root: withKey(() => rsaKey(2048)), leaf: withKey(() => rsaKey(2048)) }],
  [
    'with keys of other kinds',
    { root: withKey(() => generateKeyPairSync('ed25519').privateKey), intermediates: [withKey(p384)], leaf: withKey(p384) },
  ],
  ['with CRLs', { crls: [] }],
  [
    'with a critical extension in an entry of a CRL that is processed',
    { crls: [(list) => (list.entries = [listEntry({ oid: '2.5.29.29', critical: true, value: sequence() })])] },
  ],
];

describe('of a chain in order nothing is named', () => {
  test.for(soundChains)('%s', ([, sound]) => {
    expect(nameVerifyFailure(makeChain('client', sound))).toBeUndefined();
    expect(nameVerifyFailure(makeChain('client', { ...sound, leaf: changes(sound.leaf ?? (() => {}), extended(unknownCritical)) }))).toBe(
      'UNHANDLED_CRITICAL_EXTENSION',
    );
  });

  test('whose root signs itself with SHA-1: the signature of an anchor is not assessed', () => {
    const made = makeChain('client');
    const { anchors } = makeChain('client', { root: ecdsaSha1, intermediates: [] });

    expect(nameVerifyFailure({ ...made, anchors })).toBeUndefined();
    expect(nameVerifyFailure(makeChain('client', { root: ecdsaSha1, intermediates: [] }))).toBe('CA_MD_TOO_WEAK');
  });

  test('a self-signed leaf that is trusted may have its curve in full: there is no chain', () => {
    const { anchors } = makeChain('client', { root: explicitCurve });

    expect(nameVerifyFailure({ chain: anchors, anchors })).toBeUndefined();
  });
});

function otherName(type: string): Uint8Array {
  return contextConstructed(0, objectIdentifier(type), contextConstructed(0, nullValue()));
}

function p384(): KeyObject {
  return generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey;
}
