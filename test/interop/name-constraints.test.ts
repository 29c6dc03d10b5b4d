import { beforeAll, describe, expect, test } from 'vitest';
import { createPki, type LeafOptions, type NameConstraints } from '../../src/index.ts';
import { type ChainCase, type ChainJudge, type Verdict, verdictsOf } from './chain-judges.ts';
import { describeWith } from './judges.ts';
import { temporaryFolder } from './temporary-folder.ts';

type Kind = keyof NonNullable<NameConstraints['permitted']>;

/** What an authority may vouch for, a leaf within it, and a leaf outside. */
const constraints: readonly (readonly [
  kind: Kind,
  name: string,
  constraints: NameConstraints,
  within: LeafOptions,
  outside: LeafOptions,
])[] = [
  [
    'dns',
    'a permitted domain',
    { permitted: { dns: 'example.test' } },
    { dns: ['example.test', 'a.b.example.test'] },
    { dns: ['a.example.test', 'badexample.test'] },
  ],
  [
    'dns',
    'one of two permitted domains',
    { permitted: { dns: ['one.test', 'two.test'] } },
    { dns: ['a.one.test', 'two.test'] },
    { dns: ['one.test', 'three.test'] },
  ],
  ['dns', 'an excluded domain', { excluded: { dns: 'secret.test' } }, { dns: 'open.test' }, { dns: ['open.test', 'a.secret.test'] }],
  [
    'dns',
    'a hole in a permitted domain',
    { permitted: { dns: 'test' }, excluded: { dns: 'secret.test' } },
    { dns: 'open.test' },
    { dns: 'secret.test' },
  ],
  ['ip', 'a permitted block of IPv4', { permitted: { ip: '10.16.0.0/12' } }, { ip: ['10.16.0.1', '10.31.255.255'] }, { ip: '10.32.0.1' }],
  ['ip', 'a permitted block of IPv6', { permitted: { ip: 'fd00::/9' } }, { ip: 'fd7f::1' }, { ip: 'fd80::1' }],
  ['ip', 'an excluded address', { excluded: { ip: '192.0.2.1/32' } }, { ip: '192.0.2.2' }, { ip: '192.0.2.1' }],
  [
    'uri',
    'a permitted host of URIs',
    { permitted: { uri: 'example.test' } },
    { uri: 'spiffe://example.test/a' },
    { uri: 'spiffe://other.test/a' },
  ],
  [
    'uri',
    'permitted hosts of URIs',
    { permitted: { uri: '.example.test' } },
    { uri: 'https://a.example.test/' },
    { uri: 'https://example.test/' },
  ],
  [
    'email',
    'a permitted host of mailboxes',
    { permitted: { email: 'example.test' } },
    { email: 'alice@example.test' },
    { email: 'alice@other.test' },
  ],
  [
    'directory',
    'a permitted organization',
    { permitted: { directory: [{ organization: 'ACME' }] } },
    { subject: { organization: 'ACME', commonName: 'a' } },
    { subject: { organization: 'Other', commonName: 'a' } },
  ],
];

/** The kinds that a judge does not check are left out: GnuTLS lets them pass, Go refuses every chain that has them. */
const judges: readonly (readonly [judge: ChainJudge, unknown: readonly Kind[], reason: RegExp])[] = [
  ['openssl', [], /subtree violation/u],
  ['certtool', ['uri', 'directory'], /violates the signer's constraints/u],
  ['go', ['directory'], /(?:not permitted|excluded) by .*constraint/u],
  ['java', [], /name constraints check failed/u],
];

describe.for(judges)('by the judge %s, name constraints', ([judge, unknown, reason]) => {
  describeWith(judge)('in one batch', () => {
    const known = constraints.filter(([kind]) => !unknown.includes(kind));
    const verdicts = new Map<string, Verdict>();

    beforeAll(async () => {
      using folder = temporaryFolder();
      const leaves = known.flatMap(([, name, nameConstraints, within, outside]) => [
        [`within ${name}`, chainOf(nameConstraints, within)] as const,
        [`outside ${name}`, chainOf(nameConstraints, outside)] as const,
      ]);
      const said = await verdictsOf(
        judge,
        leaves.map(([, chain]) => chain),
        folder,
      );
      for (const [index, [name]] of leaves.entries())
        verdicts.set(name, said[index] ?? { accepted: false, reason: 'the judge said nothing' });
    });

    test.for(known)('of kind %s: %s is kept: a leaf within is accepted, one outside is refused', ([, name]) => {
      expect(verdicts.get(`within ${name}`)).toEqual({ accepted: true, reason: '' });
      expect(verdicts.get(`outside ${name}`)).toEqual({ accepted: false, reason: expect.stringMatching(reason) });
    });
  });
});

/** As a client: a leaf without DNS names has none under which it could be called. */
function chainOf(nameConstraints: NameConstraints, options: LeafOptions): ChainCase {
  const constrained = createPki({ intermediates: 0 }).root.issueAuthority({ nameConstraints });
  const { chainPem, keyPem, anchors } = constrained.issue(options);
  return { role: 'client', chainPem, keyPem, anchors };
}
