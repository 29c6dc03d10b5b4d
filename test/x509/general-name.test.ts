import { describe, expect, test } from 'vitest';
import { readDer } from '../../src/asn1/der-reader.ts';
import { contextConstructed, contextPrimitive } from '../../src/asn1/der-writer.ts';
import { asciiHost, decodeAltNames, directoryName, dnsName, emailName, ipName, uriName } from '../../src/x509/general-name.ts';

const decode = (...names: readonly Uint8Array[]) => decodeAltNames(names.map((name) => readDer(name, 'name')));
const nameInvalid = (kind: string, value: string) =>
  expect.objectContaining({ code: 'NAME_INVALID', facts: expect.objectContaining({ kind, value }) });
const none = { dns: [], ip: [], uri: [], email: [] };
const longLabel = 'a'.repeat(63);

describe('a DNS name', () => {
  test.for([
    ['localhost', 'localhost'],
    ['a.example.test', 'a.example.test'],
    ['UPPER.test', 'UPPER.test'],
    ['xn--bcher-kva.example', 'xn--bcher-kva.example'],
    ['bücher.example', 'xn--bcher-kva.example'],
    ['BÜCHER.example', 'xn--bcher-kva.example'],
    ['日本語.jp', 'xn--wgv71a119e.jp'],
    ['*.example.test', '*.example.test'],
    ['*.bücher.example', '*.xn--bcher-kva.example'],
    ['_dmarc.example.test', '_dmarc.example.test'],
    ['1.test', '1.test'],
    [`${longLabel}.test`, `${longLabel}.test`],
  ] as const)('%s is written as %s', ([name, ascii]) => {
    const der = dnsName(name);

    expect(der[0]).toBe(0x82);
    expect(decode(der)).toEqual({ ...none, dns: [ascii] });
  });

  test.for([
    '',
    '.',
    'a..b',
    '.example.test',
    'example.test.',
    '-a.test',
    'a-.test',
    'a b.test',
    'a\0b.test',
    'a.test\n',
    'a,b',
    '*',
    '*.',
    '*.*.test',
    'a.*.test',
    'w*.test',
    '*ab.test',
    'https://a.test',
    'a.test:443',
    '127.0.0.1',
    '*.127.0.0.1',
    '１２７.0.0.1',
    '::1',
    `a${longLabel}.test`,
    Array.from({ length: 64 }, () => 'abc').join('.'),
    'xn--\u00fc.test',
    '\u200d.test',
    'bücher.example/path',
    'bücher.example?query',
    'bücher.example#fragment',
    'bücher.example\\path',
    'bü\ncher.example',
    'bü%63her.example',
  ])('"%s" is refused', (name) => {
    expect(() => asciiHost(name)).toThrow(nameInvalid('DNS name', name));
    expect(asciiHost('localhost')).toBe('localhost');
  });
});

describe('an IP address', () => {
  test.for([
    ['127.0.0.1', '87047f000001', '127.0.0.1'],
    ['::1', '871000000000000000000000000000000001', '::1'],
    ['2001:DB8::0:1', '871020010db8000000000000000000000001', '2001:db8::1'],
  ] as const)('%s is written in octets', ([address, octets, text]) => {
    expect(Buffer.from(ipName(address)).toString('hex')).toBe(octets);
    expect(decode(ipName(address)).ip).toEqual([text]);
  });

  test.for(['', 'localhost', '1.2.3', '10.0.0.0/8', 'fe80::1%lo', '[::1]'])('"%s" is refused', (address) => {
    expect(() => ipName(address)).toThrow(nameInvalid('IP address', address));
    expect(decode(ipName('1.2.3.4')).ip).toEqual(['1.2.3.4']);
  });
});

describe('a URI', () => {
  test.for(['spiffe://example.test/service/a', 'https://a.test/?q=1,2#x', 'urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6', 'a+b-c.d:e'])(
    '%s is written as it is',
    (uri) => {
      expect(uriName(uri)[0]).toBe(0x86);
      expect(decode(uriName(uri))).toEqual({ ...none, uri: [uri] });
    },
  );

  test.for(['', 'example.test', '/relative', '//host', ':x', '1a:b', 'https:', 'https://a b', 'https://ü.test', 'https://a\n'])(
    '"%s" is refused',
    (uri) => {
      expect(() => uriName(uri)).toThrow(nameInvalid('URI', uri));
      expect(decode(uriName('a:b')).uri).toEqual(['a:b']);
    },
  );
});

describe('an e-mail address', () => {
  test.for(['alice@example.test', 'a.b+c@x', '"quoted"@x.test'])('%s is written as it is', (email) => {
    expect(emailName(email)[0]).toBe(0x81);
    expect(decode(emailName(email))).toEqual({ ...none, email: [email] });
  });

  test.for(['', 'alice', '@x', 'a@', 'a@b@c', 'a b@c', 'ü@x', 'a@ü.test', 'a@b\n'])('"%s" is refused', (email) => {
    expect(() => emailName(email)).toThrow(nameInvalid('e-mail address', email));
    expect(decode(emailName('a@b')).email).toEqual(['a@b']);
  });
});

test.for([
  ['DNS name', dnsName],
  ['IP address', ipName],
  ['URI', uriName],
  ['e-mail address', emailName],
] as const)('a %s that is no text is refused by name, not by a TypeError', ([kind, encode]) => {
  const { value }: { value: string } = JSON.parse('{"value":5}');

  expect(() => encode(value)).toThrow(nameInvalid(kind, '5'));
});

test('names of every kind are read in their order, and unknown kinds passed over', () => {
  const names = decode(
    dnsName('b.test'),
    uriName('a:1'),
    ipName('::1'),
    directoryName('CN'),
    contextConstructed(0, Uint8Array.of(0x05, 0x00)),
    contextPrimitive(8, Uint8Array.of(0x2a)),
    dnsName('a.test'),
    emailName('a@b'),
    ipName('10.0.0.1'),
  );

  expect(names).toEqual({ dns: ['b.test', 'a.test'], ip: ['::1', '10.0.0.1'], uri: ['a:1'], email: ['a@b'] });
});

test('a name that holds commas and NUL stays one name when read', () => {
  expect(decode(contextPrimitive(2, Buffer.from('a.test, DNS:evil.test\0'))).dns).toEqual(['a.test, DNS:evil.test\0']);
});
