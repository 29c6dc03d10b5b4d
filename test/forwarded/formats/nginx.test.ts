import { expect, test } from 'vitest';
import { forwardedHeaders } from '../../../src/forwarded/forwarded-headers.ts';
import { parseForwardedHeaders } from '../../../src/forwarded/parse-forwarded-headers.ts';
import { createPki } from '../../../src/index.ts';
import { fingerprintOf, malformedHeader, sampleClient } from './samples.ts';

const client = sampleClient();
const other = createPki().client('other');
const written = forwardedHeaders(client, 'nginx');
const subject = String.raw`CN=web 01,OU=B,OU=A,O=Ex\C3\A4mple\, \"Org\"\; x=1\+y,C=FR`;

test('nginx sends the certificate percent-encoded, the verdict, and what it reads in the certificate', () => {
  expect(written).toEqual({
    'X-SSL-CERT': encodeURIComponent(client.certificatePem),
    'X-SSL-Client-Verify': 'SUCCESS',
    'X-SSL-Client-S-DN': subject,
    'X-SSL-Client-I-DN': 'CN=sample issuing CA,O=mtls-fixtures',
    'X-SSL-Client-Serial': '0A1B2C3D4E5F60718293A4B5C6D7E8F9',
    'X-SSL-Client-Fingerprint': fingerprintOf(client),
  });
});

test.for([
  ['CERT_HAS_EXPIRED', 'FAILED:certificate has expired'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'FAILED:self-signed certificate'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'FAILED:unable to verify the first certificate'],
  [false, 'FAILED:unable to get local issuer certificate'],
] as const)('for %s it says %s', ([verified, words]) => {
  const headers = forwardedHeaders(client, 'nginx', { verified });

  expect(headers).toEqual({ ...written, 'X-SSL-Client-Verify': words });
  expect(parseForwardedHeaders(headers, 'nginx')).toMatchObject({ verified: false, certificate: { commonName: 'web 01' } });
});

test('a reason that OpenSSL does not have is refused', () => {
  expect(() => forwardedHeaders(client, 'nginx', { verified: 'NO_SHARED_CIPHER' })).toThrow(
    expect.objectContaining({ code: 'OPTION_INVALID', facts: expect.objectContaining({ option: 'verified', value: 'NO_SHARED_CIPHER' }) }),
  );
});

test('for a client without a certificate it says NONE, and nothing else', () => {
  expect(forwardedHeaders(undefined, 'nginx')).toEqual({ 'X-SSL-Client-Verify': 'NONE' });
  expect(parseForwardedHeaders({ 'x-ssl-client-verify': 'NONE' }, 'nginx')).toEqual({
    chain: [],
    verified: false,
    fields: { verify: 'NONE' },
  });
});

test('a header whose value is empty is not sent', () => {
  const spiffe = createPki().client(undefined, { subject: [], uri: 'spiffe://example.test/web' });

  expect(Object.keys(forwardedHeaders(spiffe, 'nginx'))).not.toContain('X-SSL-Client-S-DN');
});

test('what was written is read', () => {
  expect(parseForwardedHeaders(written, 'nginx')).toMatchObject({
    certificate: { commonName: 'web 01', pem: client.certificatePem },
    verified: true,
    fields: { verify: 'SUCCESS', subject, serialNumber: '0A1B2C3D4E5F60718293A4B5C6D7E8F9' },
  });
});

test('a certificate alone does not say that it was verified', () => {
  expect(parseForwardedHeaders({ 'X-SSL-CERT': written['X-SSL-CERT'] }, 'nginx')).not.toHaveProperty('verified');
});

test.for<[what: string, change: Readonly<Record<string, string | undefined>>, header: string, problem: string]>([
  [
    'PEM that is encoded twice',
    { 'X-SSL-CERT': encodeURIComponent(encodeURIComponent(client.certificatePem)) },
    'X-SSL-CERT',
    'does not begin',
  ],
  [
    'PEM that is form-encoded',
    { 'X-SSL-CERT': new URLSearchParams([['', client.certificatePem]]).toString().slice(1) },
    'X-SSL-CERT',
    'percent-encoded',
  ],
  ['PEM that is not encoded', { 'X-SSL-CERT': client.certificatePem.replaceAll('\n', '\n\t') }, 'X-SSL-CERT', 'not percent-encoded'],
  [
    'two certificates',
    { 'X-SSL-CERT': encodeURIComponent(other.certificatePem + client.certificatePem) },
    'X-SSL-CERT',
    'it holds 2 certificates',
  ],
  ['an empty certificate', { 'X-SSL-CERT': '' }, 'X-SSL-CERT', 'not percent-encoded'],
  ['(null) for a certificate', { 'X-SSL-CERT': '(null)' }, 'X-SSL-CERT', 'not percent-encoded'],
  ['SUCCESS in small letters', { 'X-SSL-Client-Verify': 'success' }, 'X-SSL-Client-Verify', 'neither NONE, nor SUCCESS'],
  ['SUCCESS and a blank', { 'X-SSL-Client-Verify': 'SUCCESS ' }, 'X-SSL-Client-Verify', 'neither NONE, nor SUCCESS'],
  ['two verdicts', { 'X-SSL-Client-Verify': 'SUCCESS, NONE' }, 'X-SSL-Client-Verify', 'neither NONE, nor SUCCESS'],
  ['FAILED without a reason', { 'X-SSL-Client-Verify': 'FAILED:' }, 'X-SSL-Client-Verify', 'neither NONE, nor SUCCESS'],
  ['GENEROUS, which is Apache’s', { 'X-SSL-Client-Verify': 'GENEROUS' }, 'X-SSL-Client-Verify', 'neither NONE, nor SUCCESS'],
  ['NONE with a certificate', { 'X-SSL-Client-Verify': 'NONE' }, 'X-SSL-Client-Verify', 'there is a certificate'],
  [
    'the subject of another certificate',
    { 'X-SSL-Client-S-DN': 'CN=other' },
    'X-SSL-Client-S-DN',
    'not what the proxy sends for the certificate',
  ],
  [
    'the subject in another order',
    { 'X-SSL-Client-S-DN': subject.split(',').toReversed().join(',') },
    'X-SSL-Client-S-DN',
    'not what the proxy sends',
  ],
  [
    'the subject as octets of UTF-8',
    { 'X-SSL-Client-S-DN': subject.replace(String.raw`\C3\A4`, '\xc3\xa4') },
    'X-SSL-Client-S-DN',
    'not what the proxy sends',
  ],
  [
    'a serial number in small letters',
    { 'X-SSL-Client-Serial': '0a1b2c3d4e5f60718293a4b5c6d7e8f9' },
    'X-SSL-Client-Serial',
    'not what the proxy sends',
  ],
  [
    'the fingerprint of another certificate',
    { 'X-SSL-Client-Fingerprint': fingerprintOf(other) },
    'X-SSL-Client-Fingerprint',
    'not what the proxy sends',
  ],
  ['a subject without a certificate', { 'X-SSL-CERT': undefined }, 'X-SSL-Client-S-DN', 'not what the proxy sends without a certificate'],
])('%s is malformed', ([, change, header, problem]) => {
  expect(parseForwardedHeaders(written, 'nginx')).toMatchObject({ verified: true });
  expect(() => parseForwardedHeaders({ ...written, ...change }, 'nginx')).toThrow(malformedHeader(header, problem));
});

test.for(['SUCCESS', 'FAILED:certificate has expired'])('%s without a certificate is malformed', (verify) => {
  expect(() => parseForwardedHeaders({ 'X-SSL-Client-Verify': verify }, 'nginx')).toThrow(
    malformedHeader('X-SSL-Client-Verify', 'there is no certificate'),
  );
});
