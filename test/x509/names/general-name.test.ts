import { describe, expect, test } from 'vitest';
import { readDer } from '../../../src/asn1/der-reader.ts';
import { contextConstructed, contextPrimitive, integer, objectIdentifier, sequence, utf8String } from '../../../src/asn1/der-writer.ts';
import { createPki } from '../../../src/pki/pki.ts';
import { encodeName } from '../../../src/x509/names/distinguished-name.ts';
import { asciiHost, decodeAltNames, directoryName, dnsName, emailName, ipName, uriName } from '../../../src/x509/names/general-name.ts';

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
] as const)('a %s that is not text is refused by name, not by a TypeError', ([kind, encode]) => {
  const { value }: { value: string } = JSON.parse('{"value":5}');

  expect(() => encode(value)).toThrow(nameInvalid(kind, '5'));
});

test('names of every kind are read in their order', () => {
  const upn = contextConstructed(0, objectIdentifier('1.3.6.1.4.1.311.20.2.3'), contextConstructed(0, utf8String('alice@corp.test')));
  const names = decode(
    dnsName('b.test'),
    uriName('a:1'),
    ipName('::1'),
    directoryName({ organization: 'Org', commonName: 'CN' }),
    upn,
    contextConstructed(0, objectIdentifier('1.2.3'), contextConstructed(0, integer(5))),
    contextPrimitive(8, Uint8Array.of(0x2a)),
    contextConstructed(3), // x400Address and ediPartyName: no tool writes one
    contextConstructed(5),
    dnsName('a.test'),
    emailName('a@b'),
    ipName('10.0.0.1'),
  );

  expect(names).toEqual({
    dns: ['b.test', 'a.test'],
    ip: ['::1', '10.0.0.1'],
    uri: ['a:1'],
    email: ['a@b'],
    otherName: [
      { oid: '1.3.6.1.4.1.311.20.2.3', value: 'alice@corp.test', der: '0c0f616c69636540636f72702e74657374' },
      { oid: '1.2.3', der: '020105' },
    ],
    directoryName: [expect.objectContaining({ organization: 'Org', commonName: 'CN', text: 'O=Org, CN=CN' })],
    registeredID: ['1.2'],
  });
});

test.for([
  ['is of no kind', objectIdentifier('2.5.4.3')],
  ['is a directoryName without a name', contextConstructed(4)],
  ['is a directoryName with two', contextConstructed(4, encodeName('a'), encodeName('b'))],
  ['is an otherName without a value', contextConstructed(0, objectIdentifier('1.2.3'))],
  ['is an otherName with a value that is not tagged', contextConstructed(0, objectIdentifier('1.2.3'), utf8String('x'))],
  ['is a registeredID that is cut off', contextPrimitive(8, Uint8Array.of(0x2a, 0x80))],
] as const)('an element that %s is refused, as OpenSSL then reads no name at all', ([, name]) => {
  const certificate = createPki().client('odd', {
    extensions: [{ oid: '2.5.29.17', value: sequence(dnsName('a.test'), name) }],
  }).certificate;

  expect(() => decode(dnsName('a.test'), name)).toThrow(expect.objectContaining({ code: 'DER_INVALID' }));
  expect(certificate.subjectAltName).toBeUndefined();
  expect(decode(dnsName('a.test')).dns).toEqual(['a.test']);
});

test('a name that holds commas and NUL stays one name when read', () => {
  expect(decode(contextPrimitive(2, Buffer.from('a.test, DNS:evil.test\0'))).dns).toEqual(['a.test, DNS:evil.test\0']);
});
