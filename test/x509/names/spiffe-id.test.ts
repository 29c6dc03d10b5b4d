import { describe, expect, test } from 'vitest';
import { isSpiffeId, isTrustDomain, requireWorkloadId, spiffeIdAmong, trustDomainOf } from '../../../src/x509/names/spiffe-id.ts';

const longPath = 'a'.repeat(2048 - 'spiffe://a.test/'.length);

describe('a SPIFFE id (SPIFFE-ID 2)', () => {
  test.for([
    'spiffe://example.test',
    'spiffe://example.test/ns/prod/sa/web',
    'spiffe://my_domain-1.test/A.b_c-9',
    'spiffe://1/...',
    'spiffe://a.test/.hidden',
    'spiffe://a.test/a..b',
    `spiffe://${'a'.repeat(255)}/x`,
    `spiffe://a.test/${longPath}`,
  ])('%s', (uri) => {
    expect(isSpiffeId(uri)).toBe(true);
  });

  test.for([
    ['another scheme', 'https://a.test/x'],
    ['a scheme in capitals', 'SPIFFE://a.test/x'],
    ['no trust domain', 'spiffe:///x'],
    ['nothing', 'spiffe://'],
    ['one slash', 'spiffe:/a.test/x'],
    ['capitals in the trust domain', 'spiffe://A.test/x'],
    ['a user', 'spiffe://user@a.test/x'],
    ['a password', 'spiffe://user:secret@a.test/x'],
    ['a port', 'spiffe://a.test:8080/x'],
    ['an empty port', 'spiffe://a.test:/x'],
    ['an IPv6 address', 'spiffe://[::1]/x'],
    ['an escaped letter in the trust domain', 'spiffe://%61.test/x'],
    ['a query', 'spiffe://a.test/x?y'],
    ['an empty query', 'spiffe://a.test/x?'],
    ['a fragment', 'spiffe://a.test/x#y'],
    ['a slash at the end', 'spiffe://a.test/x/'],
    ['a slash behind the trust domain', 'spiffe://a.test/'],
    ['an empty segment', 'spiffe://a.test//x'],
    ['a segment of one dot', 'spiffe://a.test/./x'],
    ['a segment of two dots', 'spiffe://a.test/x/..'],
    ['an escaped letter in the path', 'spiffe://a.test/%78'],
    ['another letter in the path', 'spiffe://a.test/x~y'],
    ['a letter beyond ASCII', 'spiffe://a.test/ü'],
    ['white space', ' spiffe://a.test/x'],
    ['a line feed at the end', 'spiffe://a.test/x\n'],
    ['2,049 octets', `spiffe://a.test/${longPath}a`],
    ['a trust domain of 256 octets', `spiffe://${'a'.repeat(256)}/x`],
  ] as const)('is nothing with %s', ([, uri]) => {
    expect(isSpiffeId(uri)).toBe(false);
  });
});

test.for([
  [['spiffe://a.test/x'], 'spiffe://a.test/x'],
  [['spiffe://a.test/x', 'spiffe://a.test/y'], undefined],
  [['spiffe://a.test/x', 'https://a.test'], undefined],
  [[], undefined],
] as const)('of the URIs %j the SPIFFE id is %s', ([uris, id]) => {
  expect(spiffeIdAmong(uris)).toBe(id);
});

test.for([
  ['example.test', true],
  ['my_domain-1.test', true],
  ['a'.repeat(255), true],
  ['a'.repeat(256), false],
  ['Example.test', false],
  ['example.test:80', false],
  ['example.test/web', false],
  ['user@example.test', false],
  ['', false],
  [7, false],
] as const)('that %s is a trust domain is %s', ([name, expected]) => {
  expect(isTrustDomain(name)).toBe(expected);
});

test('the trust domain of an id stands before its path', () => {
  expect([trustDomainOf('spiffe://a.test/x/y'), trustDomainOf('spiffe://a.test')]).toEqual(['a.test', 'a.test']);
});

test.for([
  ['spiffe://a.test', /has no path/u],
  ['spiffe://A.test/x', /it is not spiffe:/u],
  [undefined, /it is not spiffe:/u],
] as const)('%s is not the id of a workload', ([id, message]) => {
  expect(() => requireWorkloadId(id)).toThrow(expect.objectContaining({ code: 'NAME_INVALID', message: expect.stringMatching(message) }));
  expect(() => requireWorkloadId('spiffe://a.test/x')).not.toThrow();
});
