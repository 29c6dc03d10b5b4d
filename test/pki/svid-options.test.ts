import { expect, test } from 'vitest';
import { createPki } from '../../src/pki/pki.ts';
import { inspectCertificate } from '../../src/x509/inspect-certificate.ts';

const pki = createPki({ name: 'svids' });
const id = 'spiffe://example.test/web';

test('an SVID has its SPIFFE id as the only URI name, both purposes, and no common name', () => {
  const { spiffeId, altNames, keyUsage, extendedKeyUsage, isAuthority, commonName } = inspectCertificate(pki.svid(id).certificate);

  expect({ spiffeId, altNames, keyUsage, extendedKeyUsage, isAuthority, commonName }).toEqual({
    spiffeId: id,
    altNames: expect.objectContaining({ dns: [], ip: [], email: [], uri: [id] }),
    keyUsage: ['digitalSignature'],
    extendedKeyUsage: ['serverAuth', 'clientAuth'],
    isAuthority: false,
    commonName: undefined,
  });
});

test('its names, dates, key and subject can be chosen', () => {
  const notAfter = new Date(Date.UTC(2040, 0, 1));
  const read = inspectCertificate(pki.svid(id, { dns: 'web.test', notAfter, keyAlgorithm: 'ec-p384', commonName: 'web' }).certificate);

  expect(read).toMatchObject({ spiffeId: id, notAfter, keyAlgorithm: 'ec-p384', commonName: 'web', altNames: { dns: ['web.test'] } });
});

test.for([
  ['the id of a trust domain', 'spiffe://example.test', /has no path/u],
  ['another scheme', 'https://example.test/web', /it is not spiffe:/u],
  ['a trust domain in capitals', 'spiffe://Example.test/web', /it is not spiffe:/u],
  ['a slash at the end', 'spiffe://example.test/web/', /it is not spiffe:/u],
  ['no text', 7 as unknown as string, /it is not spiffe:/u],
] as const)('%s is not the id of a workload', ([, wrong, message]) => {
  expect(() => pki.svid(wrong)).toThrow(expect.objectContaining({ code: 'NAME_INVALID', message: expect.stringMatching(message) }));
  expect(pki.svid(id).name).toBe(id);
});

test.for(['uri', 'keyUsage', 'extendedKeyUsage', 'ip'])('the option %s, which may break a rule, is refused', (option) => {
  expect(() => pki.svid(id, { [option]: [] })).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }));
});
