import { describe, expect, test } from 'vitest';
import { readDer } from '../../../src/asn1/der-reader.ts';
import { decodeName } from '../../../src/x509/names/distinguished-name.ts';
import { type NameConstraints, nameConstraints, type NameSubtrees } from '../../../src/x509/names/name-constraints.ts';

const read = (constraints: NameConstraints) => readDer(nameConstraints(constraints).value, 'constraints');
const bases = (permitted: NameSubtrees) => (read({ permitted }).children[0]?.children ?? []).map(({ children }) => children[0]);
const octets = (permitted: NameSubtrees) => bases(permitted).map((base) => Buffer.from(base?.content ?? []).toString('hex'));

test('constraints are critical', () => {
  expect(nameConstraints({ permitted: { dns: 'example.test' } })).toMatchObject({ oid: '2.5.29.30', critical: true });
});

test('permitted and excluded subtrees stand under their own tags', () => {
  const both = read({ permitted: { dns: 'a.test' }, excluded: { dns: 'b.test' } });

  expect(both.children.map(({ tag, children }) => [tag, children[0]?.children[0]?.text])).toEqual([
    [0xa0, 'a.test'],
    [0xa1, 'b.test'],
  ]);
  expect(read({ permitted: { dns: 'a.test' } }).children.map(({ tag }) => tag)).toEqual([0xa0]);
  expect(read({ excluded: { dns: 'a.test' } }).children.map(({ tag }) => tag)).toEqual([0xa1]);
});

test('each kind of subtree has the tag of its kind of name', () => {
  const subtrees = bases({
    dns: ['a.test', '.b.test'],
    ip: '10.0.0.0/8',
    uri: '.c.test',
    email: ['d@e.test', 'f.test'],
    directory: [{ organization: 'Org' }],
  });

  expect(subtrees.map((base) => base?.tag)).toEqual([0x82, 0x82, 0x87, 0x86, 0x81, 0x81, 0xa4]);
  expect(subtrees.filter((base) => base && base.tag < 0x87).map((base) => base?.text)).toEqual([
    'a.test',
    '.b.test',
    '.c.test',
    'd@e.test',
    'f.test',
  ]);
  expect(decodeName(subtrees.at(-1)?.inner() ?? readDer(new Uint8Array(), 'name')).text).toBe('O=Org');
});

describe('an address block', () => {
  test.for([
    ['10.0.0.0/8', '0a000000ff000000'],
    ['10.1.2.3/8', '0a000000ff000000'],
    ['192.168.1.128/25', 'c0a80180ffffff80'],
    ['192.168.1.255/20', 'c0a80000fffff000'],
    ['1.2.3.4/32', '01020304ffffffff'],
    ['1.2.3.4/31', '01020304fffffffe'],
    ['0.0.0.0/0', '0000000000000000'],
    ['255.255.255.255/1', '8000000080000000'],
    ['fd00::/8', `fd${'00'.repeat(15)}ff${'00'.repeat(15)}`],
    ['2001:db8::1/64', `20010db8${'00'.repeat(12)}${'ff'.repeat(8)}${'00'.repeat(8)}`],
    ['::1/128', `${'00'.repeat(15)}01${'ff'.repeat(16)}`],
    ['::/0', '00'.repeat(32)],
  ] as const)('%s is written as address and mask, its host bits cut off', ([ip, expected]) => {
    expect(octets({ ip })).toEqual([expected]);
  });

  test.for([
    '',
    '10.0.0.0',
    '10.0.0.0/',
    '/8',
    '10.0.0.0/33',
    '::/129',
    '10.0.0.0/-1',
    '10.0.0.0/8/9',
    '10.0.0.0/ 8',
    '10.0.0.0/1e1',
    '10.0.0.0/0x8',
    '10.0.0/8',
    'example.test/8',
    '10.0.0.0/255.0.0.0',
  ])('"%s" is refused', (ip) => {
    expect(() => read({ permitted: { ip } })).toThrow(nameInvalid('IP subtree', ip));
    expect(octets({ ip: '10.0.0.0/8' })).toHaveLength(1);
  });
});

test.for([
  ['DNS subtree', { dns: '' }, ''],
  ['DNS subtree', { dns: 'ü.test' }, 'ü.test'],
  ['DNS subtree', { dns: ['a.test', 'b c'] }, 'b c'],
  ['URI subtree', { uri: 'a\n' }, 'a\n'],
  ['e-mail subtree', { email: '' }, ''],
] as const)('a %s like %j is refused', ([kind, permitted, value]) => {
  expect(() => read({ permitted })).toThrow(nameInvalid(kind, value));
  expect(octets({ dns: 'a' })).toEqual(['61']);
});

test.for([[{}], [{ permitted: {} }], [{ excluded: { dns: [] } }], [{ permitted: { dns: 'a' }, excluded: {} }]] as const)(
  'constraints without a subtree are refused: %j',
  ([constraints]) => {
    expect(() => read(constraints)).toThrow(
      expect.objectContaining({ code: 'OPTION_INVALID', facts: expect.objectContaining({ option: 'nameConstraints' }) }),
    );
    expect(read({ permitted: { dns: 'a' }, excluded: { dns: 'b' } }).children).toHaveLength(2);
  },
);

test.for([
  ['{"permitted":{"dns":"a"},"exclude":{"dns":"b"}}', 'nameConstraints', 'exclude'],
  ['{"permitted":{"dns":"a","emial":"b"}}', 'nameConstraints subtree', 'emial'],
  ['{"permitted":5}', 'nameConstraints subtree', '5'],
  ['5', 'nameConstraints', '5'],
  ['{"permitted":{"dns":5}}', 'nameConstraints', 'number'],
  ['{"permitted":{"directory":{"organization":"Org"}}}', 'nameConstraints directory', 'object'],
] as const)('%s would leave names unconstrained, and is refused', ([json, option, value]) => {
  expect(() => read(JSON.parse(json))).toThrow(
    expect.objectContaining({ code: 'OPTION_INVALID', facts: expect.objectContaining({ option, value }) }),
  );
  expect(read({ permitted: { dns: 'a', directory: [{ organization: 'Org' }] } }).children[0]?.children).toHaveLength(2);
});

test.for([
  ['[5]', 'dns', 'DNS subtree'],
  ['[5]', 'ip', 'IP subtree'],
] as const)('%s as %s is refused', ([json, word, kind]) => {
  expect(() => read({ permitted: { [word]: JSON.parse(json) } })).toThrow(nameInvalid(kind, '5'));
  expect(octets({ dns: 'a' })).toEqual(['61']);
});

function nameInvalid(kind: string, value: string): unknown {
  return expect.objectContaining({ code: 'NAME_INVALID', facts: expect.objectContaining({ kind, value }) });
}
