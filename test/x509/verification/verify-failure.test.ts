import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { timesAsLong } from '../../fuzz/fastest.ts';
import {
  contextConstructed,
  contextPrimitive,
  element,
  integer,
  nullValue,
  objectIdentifier,
  sequence,
} from '../../../src/asn1/der-writer.ts';
import { crlDistributionPoints, keyUsage, subjectAltName } from '../../../src/x509/extensions.ts';
import { dnsName, emailName, ipName, uriName } from '../../../src/x509/names/general-name.ts';
import { nameConstraints } from '../../../src/x509/names/name-constraints.ts';
import { nameVerifyFailure } from '../../../src/x509/verification/verify-failure.ts';
import { describeWith, run } from '../../interop/judges.ts';
import { type TemporaryFolder, temporaryFolder } from '../../interop/temporary-folder.ts';
import { type ChainChanges, changes, crlPem, extended, makeChain, type MadeChain, pemOf } from './chain-maker.ts';
import {
  called,
  combinedCases,
  constrained,
  ecdsaSha1,
  explicitCurve,
  hiddenCases,
  listEntry,
  named,
  rsaKey,
  subjectOnly,
  subtrees,
  unknownCritical,
  verifyCodes,
  withKey,
} from './hidden-cases.ts';
import { randomNumbers } from '../../support/random-numbers.ts';

const roles = ['client', 'server'] as const;

describe.for(roles)('a chain of a %s', (role) => {
  test.for(hiddenCases.map((each) => [each.name, each] as const))('%s is named', ([, { changes: defect, reason }]) => {
    expect(nameVerifyFailure(makeChain(role, defect))).toBe(reason);
    expect(nameVerifyFailure(makeChain(role))).toBeUndefined();
  });

  test.for(combinedCases.map((each) => [each.name, each] as const))('%s', ([, { changes: defects, reason }]) => {
    expect(nameVerifyFailure(makeChain(role, defects))).toBe(reason);
  });
});

describeWith('openssl')('openssl verify', () => {
  describe.for(roles)('of a %s', (role) => {
    test.for(hiddenCases)('comes to the same error last for $name', async ({ changes: defect, reason }) => {
      using folder = temporaryFolder();

      const errors = await opensslErrors(makeChain(role, defect), folder);

      expect(errors.at(-1)).toBe(verifyCodes[reason]);
    });

    test('has none for a sound chain', async () => {
      using folder = temporaryFolder();

      expect(await opensslErrors(makeChain(role), folder)).toEqual([]);
    });
  });
});

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

describe('where the anchors are not known', () => {
  test.for([
    ['a leaf', { leaf: extended(unknownCritical) }, 'UNHANDLED_CRITICAL_EXTENSION'],
    ['an intermediate', { intermediates: [withKey(() => rsaKey(1024))] }, 'CA_KEY_TOO_SMALL'],
    ['a digest of the uppermost', { root: ecdsaSha1 }, 'CA_MD_TOO_WEAK'],
    ['a curve', { intermediates: [], leaf: explicitCurve }, 'EC_KEY_EXPLICIT_PARAMS'],
    ['constraints', constrained({ permitted: { dns: 'other.test' } }), 'PERMITTED_VIOLATION'],
  ] as const)('what was presented is named: %s', ([, defect, reason]) => {
    const { chain } = makeChain('client', defect);

    expect(nameVerifyFailure({ chain })).toBe(reason);
  });

  test('what was not presented is not', () => {
    const { chain, anchors } = makeChain('client', { root: extended(nameConstraints({ permitted: { dns: 'other.test' } })) });

    expect(nameVerifyFailure({ chain })).toBeUndefined();
    expect(nameVerifyFailure({ chain, anchors })).toBe('PERMITTED_VIOLATION');
  });
});

test.for([
  [1024, 0, undefined],
  [1024, 1, undefined],
  [1024, 2, 'EE_KEY_TOO_SMALL'],
  [2048, 2, undefined],
  [2048, 3, 'EE_KEY_TOO_SMALL'],
] as const)('an RSA key of %i bits at security level %i', ([bits, securityLevel, reason]) => {
  expect(nameVerifyFailure({ ...makeChain('client', { leaf: withKey(() => rsaKey(bits)) }), securityLevel })).toBe(reason);
});

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

describe('hostile input', () => {
  test('an empty chain, and bytes that are not a certificate, are not named', () => {
    const { chain, anchors } = makeChain('client', { leaf: extended(unknownCritical) });

    expect(nameVerifyFailure({ chain, anchors })).toBe('UNHANDLED_CRITICAL_EXTENSION');
    expect(nameVerifyFailure({ chain: [], anchors })).toBeUndefined();
    expect(nameVerifyFailure({ chain: [Buffer.from('hello')], anchors })).toBeUndefined();
    expect(nameVerifyFailure({ chain: [...chain, new Uint8Array(0)], anchors })).toBeUndefined();
    expect(nameVerifyFailure({ chain, anchors, crls: [Uint8Array.of(0x30, 0x80)] })).toBeUndefined();
  });

  test.for([1, 2, 3, 4])('two thousand mutations of a chain give a name or nothing, and take no time (seed %i)', (seed) => {
    const { chain, anchors, crls } = makeChain('server', {
      ...constrained({ permitted: { dns: 'localhost', ip: '127.0.0.0/8', uri: 'a.test', directory: [{ organization: 'mtls-fixtures' }] } }),
      crls: [],
    });
    const random = randomNumbers(seed);

    for (let round = 0; round < 2000; round += 1) {
      const name = nameVerifyFailure({ chain: mutated(chain, random), anchors, crls: random() < 0.5 ? crls : mutated(crls ?? [], random) });

      expect(name === undefined || name in verifyCodes).toBe(true);
    }
  });

  test('thousands of names against thousands of constraints are given up at once', () => {
    const chainOf = (length: number): ReturnType<typeof makeChain> => {
      const names = Array.from({ length }, (_unused, index) => dnsName(`h${index}.test`));
      return makeChain('client', { intermediates: [extended(subtrees('permitted', ...names))], leaf: named(...names) });
    };
    const [many, few] = [chainOf(3000), chainOf(30)];

    const times = timesAsLong(
      () => nameVerifyFailure(many),
      () => nameVerifyFailure(few),
      { enough: 1000, rounds: 10 },
    );

    expect(nameVerifyFailure(many)).toBeUndefined();
    expect(times).toBeLessThan(1000); // each against each would take 10,000 times as long
  });

  test('a hundred and more certificates are given up', () => {
    const made = makeChain('client', { leaf: extended(unknownCritical) });
    const others = Array.from({ length: 100 }, (_unused, index) =>
      makeChain('client', {
        leaf: (draft) => {
          draft.serialNumber = BigInt(index);
        },
      }),
    ).flatMap(({ chain: [first = new Uint8Array(0)] }) => [first]);

    expect(nameVerifyFailure({ ...made, chain: [...made.chain, ...others.slice(0, 90)] })).toBe('UNHANDLED_CRITICAL_EXTENSION');
    expect(nameVerifyFailure({ ...made, chain: [...made.chain, ...others] })).toBeUndefined();
  });
});

/** The numbers of all errors that `openssl verify` reports: like Node it goes on after some of them. */
async function opensslErrors({ role, chain, anchors, crls }: MadeChain, folder: TemporaryFolder): Promise<number[]> {
  const presented = folder.write('chain.pem', pemOf(chain));
  const revocation = crls ? ['-crl_check_all', '-CRLfile', folder.write('crls.pem', crlPem(crls).join('\n'))] : [];
  const trust = ['-CAfile', folder.write('anchors.pem', pemOf(anchors)), '-no-CApath', '-no-CAstore', '-untrusted', presented];
  const purpose = role === 'client' ? 'sslclient' : 'sslserver';
  const { stderr } = await run('openssl', ['verify', '-auth_level', '2', '-purpose', purpose, ...revocation, ...trust, presented]);
  return [...stderr.matchAll(/error (\d+) at/gu)].map(([, number]) => Number(number));
}

function mutated(list: readonly Uint8Array[], random: () => number): Uint8Array[] {
  const below = (limit: number): number => Math.floor(random() * limit);
  const at = below(list.length);
  return list.map((der, index) => {
    if (index !== at) return der;
    let changed = Buffer.from(der);
    for (let change = below(4); change >= 0; change -= 1) {
      const [place, length] = [below(changed.length), below(8)];
      const kind = below(4);
      if (kind === 0) changed[place] = below(256);
      else if (kind === 1) changed = Buffer.concat([changed.subarray(0, place), changed.subarray(place + length)]);
      else if (kind === 2) changed = Buffer.concat([changed.subarray(0, place + length), changed.subarray(place)]);
      else changed.copyWithin(place, below(changed.length));
    }
    return changed;
  });
}

function otherName(type: string): Uint8Array {
  return contextConstructed(0, objectIdentifier(type), contextConstructed(0, nullValue()));
}

function unknownKey(): Uint8Array {
  return sequence(sequence(objectIdentifier('1.2.3.4.5'), nullValue()), element(0x03, Uint8Array.of(0), integer(1)));
}

function p384(): KeyObject {
  return generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey;
}
