import { expect, test } from 'vitest';
import { forwardedHeaders } from '../../../src/forwarded/forwarded-headers.ts';
import { parseForwardedHeaders } from '../../../src/forwarded/parse-forwarded-headers.ts';
import { createPki } from '../../../src/index.ts';
import { malformedHeader, sampleClient } from './samples.ts';

const client = sampleClient();
const written = forwardedHeaders(client, 'apache');
/** An octet of UTF-8 a character. */
const subject = String.raw`CN=web 01,OU=B,OU=A,O=Ex${'\xc3\xa4'}mple\, \"Org\"\; x=1\+y,C=FR`;
const onOneLine = client.certificatePem.replaceAll('\n', ' ');
const absent = {
  'X-SSL-Client-Cert': '(null)',
  'X-SSL-Client-Verify': 'NONE',
  'X-SSL-Client-S-DN': '(null)',
  'X-SSL-Client-I-DN': '(null)',
  'X-SSL-Client-M-Serial': '(null)',
};

test('Apache sends the certificate with a blank for each line feed, the verdict, and what it reads in the certificate', () => {
  expect(written).toEqual({
    'X-SSL-Client-Cert': onOneLine,
    'X-SSL-Client-Verify': 'SUCCESS',
    'X-SSL-Client-S-DN': subject,
    'X-SSL-Client-I-DN': 'CN=sample issuing CA,O=mtls-fixtures',
    'X-SSL-Client-M-Serial': '0A1B2C3D4E5F60718293A4B5C6D7E8F9',
  });
});

test.for([
  ['GENEROUS', 'GENEROUS'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'FAILED:self-signed certificate'],
  [false, 'FAILED:unable to get local issuer certificate'],
] as const)('for %s it says %s, which is not verified', ([verified, words]) => {
  const headers = forwardedHeaders(client, 'apache', { verified });

  expect(headers).toEqual({ ...written, 'X-SSL-Client-Verify': words });
  expect(parseForwardedHeaders(headers, 'apache')).toMatchObject({ verified: false, certificate: { commonName: 'web 01' } });
});

test('for a client without a certificate it says NONE, and (null) for all else', () => {
  expect(forwardedHeaders(undefined, 'apache')).toEqual(absent);
  expect(parseForwardedHeaders(absent, 'apache')).toMatchObject({ chain: [], verified: false });
  expect(parseForwardedHeaders(absent, 'apache')).not.toHaveProperty('certificate');
});

test('it says (null) for an empty subject, too', () => {
  const spiffe = forwardedHeaders(createPki().client(undefined, { subject: [], uri: 'spiffe://example.test/web' }), 'apache');

  expect(spiffe).toMatchObject({ 'X-SSL-Client-S-DN': '(null)' });
  expect(parseForwardedHeaders(spiffe, 'apache')).toMatchObject({ verified: true, certificate: { spiffeId: 'spiffe://example.test/web' } });
});

test('what was written is read, also without the last blank, and with text decoded', () => {
  const read = { certificate: { pem: client.certificatePem }, verified: true, fields: { subject: subject.replace('\xc3\xa4', 'ä') } };

  expect(parseForwardedHeaders(written, 'apache')).toMatchObject(read);
  expect(parseForwardedHeaders({ ...written, 'X-SSL-Client-Cert': onOneLine.trimEnd() }, 'apache')).toMatchObject(read);
});

test.for<[what: string, change: Readonly<Record<string, string | undefined>>, header: string, problem: string]>([
  ['percent-encoded PEM', { 'X-SSL-Client-Cert': encodeURIComponent(client.certificatePem) }, 'X-SSL-Client-Cert', 'does not begin'],
  ['PEM in lines', { 'X-SSL-Client-Cert': client.certificatePem }, 'X-SSL-Client-Cert', 'does not begin'],
  ['a tab in place of a blank', { 'X-SSL-Client-Cert': onOneLine.replace('- MII', '-\tMII') }, 'X-SSL-Client-Cert', 'does not begin'],
  ['two blanks in place of one', { 'X-SSL-Client-Cert': onOneLine.replace(' -----END', '  -----END') }, 'X-SSL-Client-Cert', 'lines of 64'],
  [
    'a body without its blanks',
    { 'X-SSL-Client-Cert': `-----BEGIN CERTIFICATE----- ${client.certificate.raw.toString('base64')} -----END CERTIFICATE----- ` },
    'X-SSL-Client-Cert',
    'lines of 64',
  ],
  ['PEM that is cut off', { 'X-SSL-Client-Cert': onOneLine.slice(0, 200) }, 'X-SSL-Client-Cert', 'does not end'],
  ['two certificates', { 'X-SSL-Client-Cert': onOneLine + onOneLine }, 'X-SSL-Client-Cert', 'not Base64'],
  ['an empty certificate', { 'X-SSL-Client-Cert': '' }, 'X-SSL-Client-Cert', 'does not begin'],
  [
    '(null) in place of the subject',
    { 'X-SSL-Client-S-DN': '(null)' },
    'X-SSL-Client-S-DN',
    'not what the proxy sends for the certificate',
  ],
  [
    'the subject with escapes for UTF-8',
    { 'X-SSL-Client-S-DN': subject.replace('\xc3\xa4', String.raw`\C3\A4`) },
    'X-SSL-Client-S-DN',
    'not what',
  ],
  ['the subject in Latin-1', { 'X-SSL-Client-S-DN': subject.replace('\xc3\xa4', '\xe4') }, 'X-SSL-Client-S-DN', 'not what the proxy sends'],
  ['two verdicts that a proxy joined', { 'X-SSL-Client-Verify': 'SUCCESS, SUCCESS' }, 'X-SSL-Client-Verify', 'neither NONE, nor SUCCESS'],
  ['NONE with a certificate', { 'X-SSL-Client-Verify': 'NONE' }, 'X-SSL-Client-Verify', 'there is a certificate'],
  [
    'a subject without a certificate',
    { 'X-SSL-Client-Cert': '(null)' },
    'X-SSL-Client-S-DN',
    'not what the proxy sends without a certificate',
  ],
])('%s is malformed', ([, change, header, problem]) => {
  expect(parseForwardedHeaders(written, 'apache')).toMatchObject({ verified: true });
  expect(() => parseForwardedHeaders({ ...written, ...change }, 'apache')).toThrow(malformedHeader(header, problem));
});

test.for(['SUCCESS', 'GENEROUS', 'FAILED:self-signed certificate'])('%s without a certificate is malformed', (verify) => {
  expect(() => parseForwardedHeaders({ ...absent, 'X-SSL-Client-Verify': verify }, 'apache')).toThrow(
    malformedHeader('X-SSL-Client-Verify', 'there is no certificate'),
  );
});
