import { beforeAll, describe, expect, test } from 'vitest';
import { createPki, type LeafOptions } from '../../src/index.ts';
import { type ChainCase, type ChainJudge, type Verdict, verdictsOf } from '../interop/chain-judges.ts';
import { describeWith } from '../interop/judges.ts';
import { temporaryFolder } from '../interop/temporary-folder.ts';

const usual = ['localhost', '127.0.0.0/8', '::1'];

type Form = 'dns' | 'ip' | 'uri' | 'email';

/** What a PKI permits, a client within it, and a client outside; `localhost` is there for Java, which takes a common name for a host where no other is. */
const cases: readonly (readonly [form: Form, what: string, permitted: readonly string[], within: LeafOptions, outside: LeafOptions])[] = [
  ['dns', 'a host', ['service.test'], { dns: 'service.test' }, { dns: 'other.test' }],
  ['dns', 'a host below', ['service.test'], { dns: 'a.b.service.test' }, { dns: 'microservice.test' }],
  ['dns', 'one of two hosts', ['localhost', 'service.test'], { dns: ['localhost', 'service.test'] }, { dns: ['localhost', 'test'] }],
  ['dns', 'an international host', ['bücher.test'], { dns: 'bücher.test' }, { dns: 'buecher.test' }],
  ['dns', 'no host, but an address', ['127.0.0.1'], { ip: '127.0.0.1', subject: { organization: 'a' } }, { dns: 'a.test' }],
  ['ip', 'an address', ['localhost', '127.0.0.1'], { dns: 'localhost', ip: '127.0.0.1' }, { dns: 'localhost', ip: '127.0.0.2' }],
  ['ip', 'a block', ['localhost', '10.16.0.0/12'], { dns: 'localhost', ip: '10.31.255.255' }, { dns: 'localhost', ip: '10.32.0.0' }],
  ['ip', 'a block of IPv6', ['localhost', 'fd00::/9'], { dns: 'localhost', ip: 'fd7f::1' }, { dns: 'localhost', ip: 'fd80::1' }],
  ['ip', 'both versions, used by IPv6', usual, { dns: 'localhost', ip: '::1' }, { dns: 'localhost', ip: '::2' }],
  ['ip', 'both versions, used by IPv4', usual, { dns: 'localhost', ip: '127.9.9.9' }, { dns: 'localhost', ip: '10.0.0.1' }],
  [
    'ip',
    'a block beside every address of IPv6',
    ['localhost', '::/0', '127.0.0.0/8'],
    { dns: 'localhost', ip: '127.0.0.1' },
    { dns: 'a.test' },
  ],
  ['ip', 'no address of IPv6', ['localhost', '127.0.0.0/8'], { dns: 'localhost', ip: '127.0.0.1' }, { dns: 'localhost', ip: '::1' }],
  ['ip', 'no address of IPv4', ['localhost', '::1'], { dns: 'localhost', ip: '::1' }, { dns: 'localhost', ip: '127.0.0.1' }],
  ['ip', 'no address', ['localhost'], { dns: 'localhost' }, { dns: 'localhost', ip: '127.0.0.1' }],
  ['ip', 'no address, as of IPv6', ['localhost'], { dns: 'localhost' }, { dns: 'localhost', ip: '::1' }],
  ['uri', 'a host of URIs', ['localhost', 'spiffe://a.test'], client('spiffe://a.test/alice'), client('spiffe://b.test/alice')],
  ['uri', 'hosts of URIs', ['localhost', 'https://.a.test'], client('https://b.a.test/'), client('https://a.test/')],
  ['uri', 'no URI', ['localhost'], { dns: 'localhost' }, client('spiffe://a.test/alice')],
  ['email', 'a mailbox', ['localhost', 'alice@a.test'], mailbox('alice@a.test'), mailbox('bob@a.test')],
  ['email', 'mailboxes of a host', ['localhost', '@a.test'], mailbox('bob@a.test'), mailbox('bob@b.test')],
  ['email', 'mailboxes of hosts below', ['localhost', '@.a.test'], mailbox('bob@b.a.test'), mailbox('bob@a.test')],
  ['email', 'no mailbox', ['localhost'], { dns: 'localhost' }, mailbox('alice@localhost')],
];

/** GnuTLS 3.7 does not look at URIs. */
const judges: readonly (readonly [judge: ChainJudge, unknown: readonly Form[], reason: RegExp])[] = [
  ['openssl', [], /permitted subtree violation/u],
  ['certtool', ['uri'], /violates the signer's constraints/u],
  ['go', [], /not permitted by any constraint/u],
  ['java', [], /name constraints check failed/u],
  ['python3', [], /permitted subtree violation/u],
];

describe.for(judges)('by the judge %s', ([judge, unknown, reason]) => {
  describeWith(judge)('in one batch', () => {
    const known = cases.filter(([form]) => !unknown.includes(form));
    const plain: LeafOptions = { commonName: 'alice' };
    const verdicts = new Map<string, Verdict>();

    beforeAll(async () => {
      using folder = temporaryFolder();
      const chains = [
        ...known.flatMap(([, what, permitted, within, outside]) => [
          [`within ${what}`, chainOf(permitted, within)] as const,
          [`outside ${what}`, chainOf(permitted, outside)] as const,
        ]),
        ['server', { ...chainOf(usual, 'server'), role: 'server' }] as const,
        ['plain client', chainOf(usual, plain)] as const,
        ['plain client with a host', chainOf(usual, { ...plain, dns: 'localhost' })] as const,
        ['mailbox of a host below', chainOf(['localhost', '@a.test'], mailbox('bob@b.a.test'))] as const,
        ['without intermediates', chainOf(usual, { dns: 'a.test' }, 0)] as const,
      ];
      const said = await verdictsOf(
        judge,
        chains.map(([, chain]) => chain),
        folder,
      );
      for (const [index, [name]] of chains.entries())
        verdicts.set(name, said[index] ?? { accepted: false, reason: 'the judge said nothing' });
    });

    test.for(known)('of the form %s, %s: a client within is accepted, one outside is refused', ([, what]) => {
      expect(verdicts.get(`within ${what}`)).toEqual({ accepted: true, reason: '' });
      expect(verdicts.get(`outside ${what}`)).toEqual({ accepted: false, reason: expect.stringMatching(reason) });
    });

    test('a server with its usual names is accepted', () => {
      expect(verdicts.get('server')).toEqual({ accepted: true, reason: '' });
    });

    // Java holds a common name that could be a host against the hosts that are permitted.
    test('a client with a common name alone is accepted, but by Java only with a host that is permitted', () => {
      expect(verdicts.get('plain client')?.accepted).toBe(judge !== 'java');
      expect(verdicts.get('plain client with a host')).toEqual({ accepted: true, reason: '' });
    });

    // RFC 5280 4.2.1.10 tells them apart by a leading dot.
    test('a mailbox of a host below one whose mailboxes are permitted is refused, but not by Go', () => {
      expect(verdicts.get('mailbox of a host below')?.accepted).toBe(judge === 'go');
    });

    // Java does not look at the constraints of a trust anchor.
    test('without intermediates a client outside is refused, but not by Java', () => {
      expect(verdicts.get('without intermediates')?.accepted).toBe(judge === 'java');
    });
  });
});

function chainOf(permitted: readonly string[], options: LeafOptions | 'server', intermediates = 1): ChainCase {
  const pki = createPki({ permitted, intermediates });
  const { chainPem, keyPem, anchors } = options === 'server' ? pki.server() : pki.client(undefined, options);
  return { role: 'client', chainPem, keyPem, anchors };
}

function client(uri: string): LeafOptions {
  return { dns: 'localhost', uri };
}

function mailbox(email: string): LeafOptions {
  return { dns: 'localhost', email };
}
