import { expect, test } from 'vitest';
import { createPki, type Identity } from '../../src/index.ts';
import { assertSvid } from '../../src/spiffe/index.ts';

const pki = createPki({ name: 'rules' });
const id = 'spiffe://example.test/web';
const issue = (options: Parameters<typeof pki.issuer.issue>[0]): Identity => pki.issuer.issue({ uri: id, ...options });
const keyUsageOid = '2.5.29.15';
/** A BIT STRING with digitalSignature. */
const digitalSignature = Buffer.from([0x03, 0x02, 0x07, 0x80]);

test('what pki.svid mints is an X509-SVID, of every kind of key and with DNS names beside the id', () => {
  const minted = [
    pki.svid(id),
    pki.svid(id, { dns: 'web.test' }),
    pki.svid(id, { keyAlgorithm: 'rsa-2048' }),
    pki.svid(id, { keyAlgorithm: 'ed25519' }),
  ];

  expect(minted.map((identity) => assertSvid(identity))).toEqual([id, id, id, id]);
});

test('PEM, DER and an X509Certificate are judged alike', () => {
  const { certificate, chainPem } = pki.svid(id);

  expect([assertSvid(chainPem), assertSvid(certificate), assertSvid(certificate.raw)]).toEqual([id, id, id]);
  expect(() => assertSvid('no certificate')).toThrow(expect.objectContaining({ code: 'PEM_INVALID' }));
});

test.for<[what: string, clause: string, problem: RegExp, options: Parameters<typeof issue>[0]]>([
  ['no URI name', 'X509-SVID 2', /no URI name/u, { uri: undefined, dns: 'web.test' }],
  ['two URI names, its id first', 'X509-SVID 2', /2 URI names/u, { uri: [id, 'https://web.test'] }],
  ['two URI names, its id last', 'X509-SVID 2', /2 URI names/u, { uri: ['https://web.test', id] }],
  [
    'a URI name of another scheme',
    'SPIFFE-ID 2',
    /"https:\/\/web\.test\/" is not|"https:\/\/web\.test" is not/u,
    { uri: 'https://web.test' },
  ],
  ['a trust domain in capitals', 'SPIFFE-ID 2', /"spiffe:\/\/Example\.test\/web" is not/u, { uri: 'spiffe://Example.test/web' }],
  ['the id of a trust domain', 'X509-SVID 3.1', /has no path/u, { uri: 'spiffe://example.test' }],
  ['keyCertSign', 'X509-SVID 4.3', /has keyCertSign/u, { keyUsage: ['digitalSignature', 'keyCertSign'] }],
  ['cRLSign', 'X509-SVID 4.3', /has cRLSign/u, { keyUsage: ['digitalSignature', 'cRLSign'] }],
  ['no keyUsage', 'X509-SVID 4.3', /no keyUsage/u, { keyUsage: false }],
  ['a keyUsage without digitalSignature', 'X509-SVID 4.3', /lacks digitalSignature/u, { keyUsage: ['keyAgreement'] }],
  [
    'a keyUsage that is not critical',
    'X509-SVID 4.3',
    /not critical/u,
    { keyUsage: false, extensions: [{ oid: keyUsageOid, value: digitalSignature }] },
  ],
  ['the purpose of a client alone', 'X509-SVID 4.4', /lacks serverAuth/u, { extendedKeyUsage: ['clientAuth'] }],
  ['another purpose alone', 'X509-SVID 4.4', /lacks serverAuth and clientAuth/u, { extendedKeyUsage: ['codeSigning'] }],
])('a certificate with %s is not one, by its clause', ([, clause, problem, options]) => {
  const broken = issue(options);

  expect(() => assertSvid(broken)).toThrow(
    expect.objectContaining({ code: 'SVID_INVALID', facts: expect.objectContaining({ clause, problem: expect.stringMatching(problem) }) }),
  );
  expect(assertSvid(issue({}))).toBe(id);
});

test('no extendedKeyUsage at all is allowed', () => {
  expect(assertSvid(issue({ extendedKeyUsage: false }))).toBe(id);
});

test('a CA is not an X509-SVID of a workload', () => {
  expect(() => assertSvid(pki.root.certificate)).toThrow(expect.objectContaining({ code: 'SVID_INVALID' }));
});
