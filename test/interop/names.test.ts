import { expect, test } from 'vitest';
import { createPki, type Subject } from '../../src/index.ts';
import { askPeer, describeWith, outputOf } from './judges.ts';
import { temporaryFolder } from './temporary-folder.ts';

const pki = createPki();

/** Every attribute that has a word, and what breaks programs that put names together as text. */
const everyAttribute = {
  domainComponent: ['test', 'example'],
  country: 'DE',
  state: 'Bavaria; <"Bayern">',
  locality: 'München',
  street: ' 1, Leading Space ',
  postalCode: '#80331',
  organization: ['ACME, Inc. + Sons = "best"', String.raw`back\slash\2C`],
  organizationalUnit: 'line\nO=Forged\ttab',
  title: 'Dr.',
  givenName: 'José',
  surname: "O'Neill",
  userId: 'alice+bob',
  serialNumber: '42-A',
  commonName: '# 🔐 名前, CN=admin',
  emailAddress: 'alice@example.test',
} as const satisfies Subject;

const everyAttributeRead = [
  ['0.9.2342.19200300.100.1.25', 'test'],
  ['0.9.2342.19200300.100.1.25', 'example'],
  ['2.5.4.6', 'DE'],
  ['2.5.4.8', 'Bavaria; <"Bayern">'],
  ['2.5.4.7', 'München'],
  ['2.5.4.9', ' 1, Leading Space '],
  ['2.5.4.17', '#80331'],
  ['2.5.4.10', 'ACME, Inc. + Sons = "best"'],
  ['2.5.4.10', String.raw`back\slash\2C`],
  ['2.5.4.11', 'line\nO=Forged\ttab'],
  ['2.5.4.12', 'Dr.'],
  ['2.5.4.42', 'José'],
  ['2.5.4.4', "O'Neill"],
  ['0.9.2342.19200300.100.1.1', 'alice+bob'],
  ['2.5.4.5', '42-A'],
  ['2.5.4.3', '# 🔐 名前, CN=admin'],
  ['1.2.840.113549.1.9.1', 'alice@example.test'],
];

const severalValuesInOnePart = [
  { type: 'country', value: 'DE' },
  [
    { type: 'userId', value: 'u + 1' },
    { type: 'commonName', value: 'Alice' },
  ],
] as const satisfies Subject;

const severalValuesRead = [
  ['2.5.4.6', 'DE'],
  ['2.5.4.3', 'Alice'], // DER sorts the values of one part
  ['0.9.2342.19200300.100.1.1', 'u + 1'],
];

const subjects = [
  ['every attribute and odd characters', everyAttribute, everyAttributeRead],
  ['a part of several attributes', severalValuesInOnePart, severalValuesRead],
] as const;

describeWith('openssl')('what openssl reads', () => {
  test.for(subjects)('is a subject of %s, to the letter', async ([, subject, attributes]) => {
    using folder = temporaryFolder();
    const file = folder.write('leaf.pem', pki.client(undefined, { subject }).certificatePem);

    const text = await outputOf('openssl', [
      'x509',
      '-in',
      file,
      '-noout',
      '-subject',
      '-nameopt',
      'sep_multiline,oid,utf8,esc_2253,esc_ctrl',
    ]);

    const lines = text
      .split('\n')
      .slice(1, -1)
      .flatMap((line) => line.trimStart().split(/ \+ (?=[\d.]+=)/u));
    expect(lines.map((line) => readAttribute(line))).toEqual(attributes);
  });

  test('are alternative names of every kind', async () => {
    using folder = temporaryFolder();
    const file = folder.write('leaf.pem', pki.server(altNames).certificatePem);

    const text = await outputOf('openssl', ['x509', '-in', file, '-noout', '-ext', 'subjectAltName']);

    expect(text.split('\n')[1]?.trim()).toBe(
      [
        'DNS:*.example.test, DNS:xn--bcher-kva.example, DNS:localhost',
        'IP Address:10.1.2.3, IP Address:2001:DB8:0:0:0:0:0:1',
        'URI:spiffe://example.test/a,b, URI:https://example.test/?a=b',
        'email:alice@example.test',
      ].join(', '),
    );
  });

  test('is an empty subject with critical alternative names where only these are given', async () => {
    using folder = temporaryFolder();
    const file = folder.write('leaf.pem', pki.server({ subject: {}, dns: 'localhost' }).certificatePem);

    const text = await outputOf('openssl', ['x509', '-in', file, '-noout', '-subject', '-ext', 'subjectAltName']);

    expect(text).toMatch(/^subject=\s*\nX509v3 Subject Alternative Name: critical\n\s+DNS:localhost\n$/u);
  });
});

describeWith('certtool')('what certtool reads', () => {
  test('are alternative names of every kind', async () => {
    using folder = temporaryFolder();
    const file = folder.write('leaf.pem', pki.server(altNames).certificatePem);

    const text = await outputOf('certtool', ['--certificate-info', '--infile', file]);

    expect(text.match(/^\t\t\t(?:DNSname|IPAddress|URI|RFC822Name): .*$/gmu)?.map((line) => line.trim())).toEqual([
      'DNSname: *.example.test',
      'DNSname: xn--bcher-kva.example (bücher.example)',
      'DNSname: localhost',
      'IPAddress: 10.1.2.3',
      'IPAddress: 2001:db8::1',
      'URI: spiffe://example.test/a,b',
      'URI: https://example.test/?a=b',
      'RFC822Name: alice@example.test',
    ]);
  });
});

describeWith('java')('what Java reads', () => {
  test.for([
    ['every attribute and odd characters', everyAttribute, everyAttributeRead],
    ['a part of several attributes', severalValuesInOnePart, severalValuesInJavasOrder],
  ] as const)('is a subject of %s, to the letter', async ([, subject, attributes]) => {
    using folder = temporaryFolder();
    const file = folder.write('leaf.pem', pki.client(undefined, { subject }).certificatePem);

    const lines = await askPeer('java-read', [['certificate', file]], folder.path);

    const read = lines
      .filter(([kind]) => kind === 'attribute')
      .map(([, type = '', base64 = '']) => [type, Buffer.from(base64, 'base64').toString()]);
    expect(read).toEqual(attributes);
  });

  test('are alternative names of every kind', async () => {
    using folder = temporaryFolder();
    const file = folder.write('leaf.pem', pki.server(altNames).certificatePem);

    const lines = await askPeer('java-read', [['certificate', file]], folder.path);

    expect(lines.filter(([kind]) => kind === 'name').map(([, ...name]) => name)).toEqual([
      ['2', '*.example.test'],
      ['2', 'xn--bcher-kva.example'],
      ['2', 'localhost'],
      ['7', '10.1.2.3'],
      ['7', '2001:db8:0:0:0:0:0:1'],
      ['6', 'spiffe://example.test/a,b'],
      ['6', 'https://example.test/?a=b'],
      ['1', 'alice@example.test'],
    ]);
  });
});

/** LdapName sorts the values of one part by their types. */
const severalValuesInJavasOrder = [
  ['2.5.4.6', 'DE'],
  ['0.9.2342.19200300.100.1.1', 'u + 1'],
  ['2.5.4.3', 'Alice'],
];

const altNames = {
  dns: ['*.example.test', 'bücher.example', 'localhost'],
  ip: ['10.1.2.3', '2001:db8::1'],
  uri: ['spiffe://example.test/a,b', 'https://example.test/?a=b'],
  email: 'alice@example.test',
} as const;

/** `2.5.4.3=\# text`, escaped as RFC 2253 says, control characters as `\0A`. */
function readAttribute(line: string): [string, string] {
  const [type = '', ...value] = line.split('=');
  const text = value
    .join('=')
    .replaceAll(
      /\\(?:([0-9A-F]{2})|(.))/gu,
      (_escape, hex?: string, character?: string) => character ?? String.fromCharCode(Number.parseInt(hex ?? '', 16)),
    );
  return [type, text];
}
