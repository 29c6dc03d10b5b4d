import { expect, test } from 'vitest';
import { forwardedHeaders } from '../../../src/forwarded/forwarded-headers.ts';
import { parseForwardedHeaders } from '../../../src/forwarded/parse-forwarded-headers.ts';
import { createPki } from '../../../src/index.ts';
import { fingerprintOf, malformedHeader, sampleClient } from './samples.ts';

const client = sampleClient();
const other = createPki().client('other');
const written = forwardedHeaders(client, 'haproxy');
/** An octet of UTF-8 a character. */
const subject = '/C=FR/O=Ex\xc3\xa4mple, "Org"; x=1+y/OU=A/OU=B/CN=web 01';
const absent = {
  'x-ssl-cert': '',
  'x-ssl-client-used': '0',
  'x-ssl-client-verify': '0',
  'x-ssl-client-dn': '',
  'x-ssl-client-cn': '',
  'x-ssl-client-sha1': '',
  'x-ssl-client-serial': '',
  'x-ssl-client-notbefore': '',
  'x-ssl-client-notafter': '',
};

test('HAProxy sends the certificate in Base64, the code of the verification, and what it reads in the certificate', () => {
  expect(written).toEqual({
    'x-ssl-cert': client.certificate.raw.toString('base64'),
    'x-ssl-client-used': '1',
    'x-ssl-client-verify': '0',
    'x-ssl-client-dn': subject,
    'x-ssl-client-cn': 'web 01',
    'x-ssl-client-sha1': fingerprintOf(client).toUpperCase(),
    'x-ssl-client-serial': '0A1B2C3D4E5F60718293A4B5C6D7E8F9',
    'x-ssl-client-notbefore': '260216034718Z',
    'x-ssl-client-notafter': '350216034718Z',
  });
});

test.for([
  ['CERT_HAS_EXPIRED', '10'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', '18'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', '21'],
  [false, '20'],
] as const)('for %s it says %s, which is not verified', ([verified, code]) => {
  const headers = forwardedHeaders(client, 'haproxy', { verified });

  expect(headers).toEqual({ ...written, 'x-ssl-client-verify': code });
  expect(parseForwardedHeaders(headers, 'haproxy')).toMatchObject({ verified: false, certificate: { commonName: 'web 01' } });
});

test('for a client without a certificate all is empty, and the code is 0 as for one that was verified', () => {
  expect(forwardedHeaders(undefined, 'haproxy')).toEqual(absent);
  expect(parseForwardedHeaders(absent, 'haproxy')).toMatchObject({ chain: [], verified: false });
  expect(parseForwardedHeaders(absent, 'haproxy')).not.toHaveProperty('certificate');
});

test('the common name is the first of several', () => {
  const named = [
    { type: 'CN', value: 'first' },
    { type: 'CN', value: 'second' },
  ];
  expect(forwardedHeaders(createPki().client(undefined, { subject: named }), 'haproxy')).toMatchObject({ 'x-ssl-client-cn': 'first' });
});

test('controls but the tab are percent-encoded, and percent signs are not', () => {
  expect(forwardedHeaders(createPki().client('a\r\nb\tc\u007f%00'), 'haproxy')).toMatchObject({
    'x-ssl-client-dn': '/CN=a%0D%0Ab\tc%7F%00',
    'x-ssl-client-cn': 'a%0D%0Ab\tc%7F%00',
  });
});

test('a date after 2049 is written with two digits of its year, and one after 2099 is empty', () => {
  const { issuer } = createPki();
  const until = (year: number) => forwardedHeaders(issuer.issue({ notAfter: new Date(Date.UTC(year, 0, 2)) }), 'haproxy');

  expect(until(2049)).toMatchObject({ 'x-ssl-client-notafter': '490102000000Z' });
  expect(until(2050)).toMatchObject({ 'x-ssl-client-notafter': '500102000000Z' });
  expect(until(2100)).toMatchObject({ 'x-ssl-client-notafter': '' });
});

test('what was written is read, with text decoded', () => {
  expect(parseForwardedHeaders(written, 'haproxy')).toMatchObject({
    certificate: { pem: client.certificatePem },
    verified: true,
    fields: { subject: subject.replace('\xc3\xa4', 'ä'), commonName: 'web 01', present: '1' },
  });
});

test('0 without ssl_c_used is not verified', () => {
  expect(parseForwardedHeaders({ ...written, 'x-ssl-client-used': undefined }, 'haproxy')).toMatchObject({ verified: false });
});

test.for<[what: string, change: Readonly<Record<string, string | undefined>>, header: string, problem: string]>([
  ['Base64 for URLs', { 'x-ssl-cert': client.certificate.raw.toString('base64url') }, 'x-ssl-cert', 'not Base64'],
  ['Base64 in lines', { 'x-ssl-cert': written['x-ssl-cert']?.replace(/.{64}/u, '$& ') }, 'x-ssl-cert', 'not Base64'],
  ['PEM', { 'x-ssl-cert': encodeURIComponent(client.certificatePem) }, 'x-ssl-cert', 'not Base64'],
  ['a Byte Sequence', { 'x-ssl-cert': `:${written['x-ssl-cert']}:` }, 'x-ssl-cert', 'not Base64'],
  [
    'DER that is cut off',
    { 'x-ssl-cert': client.certificate.raw.subarray(0, -1).toString('base64') },
    'x-ssl-cert',
    'longer than what holds it',
  ],
  [
    'two certificates',
    { 'x-ssl-cert': Buffer.concat([client.certificate.raw, other.certificate.raw]).toString('base64') },
    'x-ssl-cert',
    'follow its end',
  ],
  ['DER that is not a certificate', { 'x-ssl-cert': 'MAQEAvv/' }, 'x-ssl-cert', 'it holds no certificate that can be read: a length'],
  ['a code that is not a number', { 'x-ssl-client-verify': 'SUCCESS' }, 'x-ssl-client-verify', 'not the number'],
  ['a code in another notation', { 'x-ssl-client-verify': '00' }, 'x-ssl-client-verify', 'not the number'],
  ['an empty code', { 'x-ssl-client-verify': '' }, 'x-ssl-client-verify', 'not the number'],
  ['a certificate that was not used', { 'x-ssl-client-used': '0' }, 'x-ssl-client-used', 'not what the proxy sends for the certificate'],
  [
    'the subject of another certificate',
    { 'x-ssl-client-dn': '/CN=other' },
    'x-ssl-client-dn',
    'not what the proxy sends for the certificate',
  ],
  ['another common name', { 'x-ssl-client-cn': 'web 02' }, 'x-ssl-client-cn', 'not what the proxy sends for the certificate'],
  [
    'the fingerprint of another certificate',
    { 'x-ssl-client-sha1': fingerprintOf(other).toUpperCase() },
    'x-ssl-client-sha1',
    'not what the proxy',
  ],
  ['a later date', { 'x-ssl-client-notafter': '360216034718Z' }, 'x-ssl-client-notafter', 'not what the proxy sends for the certificate'],
  ['a used certificate that is empty', { 'x-ssl-cert': '' }, 'x-ssl-client-used', 'not what the proxy sends without a certificate'],
])('%s is malformed', ([, change, header, problem]) => {
  expect(parseForwardedHeaders(written, 'haproxy')).toMatchObject({ verified: true });
  expect(() => parseForwardedHeaders({ ...written, ...change }, 'haproxy')).toThrow(malformedHeader(header, problem));
});

test('a code without a certificate is malformed', () => {
  expect(() => parseForwardedHeaders({ ...absent, 'x-ssl-client-verify': '10' }, 'haproxy')).toThrow(
    malformedHeader('x-ssl-client-verify', 'there is no certificate'),
  );
});
