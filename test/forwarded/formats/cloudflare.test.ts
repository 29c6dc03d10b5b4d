import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { forwardedHeaders, forwardedLines } from '../../../src/forwarded/forwarded-headers.ts';
import { parseForwardedHeaders } from '../../../src/forwarded/parse-forwarded-headers.ts';
import { createPki } from '../../../src/pki/pki.ts';

const format = 'cloudflare';
const issuer = createPki().root.issueAuthority({
  subject: [
    { type: 'C', value: 'US' },
    { type: 'ST', value: 'Texas' },
    { type: 'L', value: 'Austin' },
    { type: 'O', value: 'Access Testing' },
    { type: 'OU', value: 'TX' },
    { type: 'CN', value: 'Access Testing CA' },
  ],
});
const client = issuer.issue({
  subject: [
    { type: 'C', value: 'US' },
    { type: 'ST', value: 'Texas' },
    { type: 'L', value: 'Austin' },
    { type: 'O', value: 'Access' },
    { type: 'OU', value: 'Access Admins' },
    { type: 'CN', value: 'James Royal' },
  ],
  serialNumber: '2688201DBA77402EA87118876F2E1B24CF8B0395',
  notBefore: new Date('2022-03-21T13:35:00Z'),
  notAfter: new Date('2023-03-01T03:05:09Z'),
});

test('the headers have the values that the documentation shows for their fields', () => {
  // Cloudflare's documentation, read on 2026-11-30: "Forward a client certificate" (the first two), "Available Managed Transforms" (the names of the others), and the reference of
  // the fields `cf.tls_client_auth.*` (examples of their values; the serial number is that of the issuer's). Names of headers may come in any letter case.
  expect(forwardedLines(client, format)).toEqual([
    ['Cf-Client-Cert-Der-Base64', client.certificate.raw.toString('base64')],
    ['cf-cert-revoked', 'false'],
    ['cf-cert-verified', 'true'],
    ['cf-cert-presented', 'true'],
    ['Cf-Client-Cert-Sha256', createHash('sha256').update(client.certificate.raw).digest('hex')],
    ['cf-cert-issuer-dn-rfc2253', 'CN=Access Testing CA,OU=TX,O=Access Testing,L=Austin,ST=Texas,C=US'],
    ['cf-cert-subject-dn-rfc2253', 'CN=James Royal,OU=Access Admins,O=Access,L=Austin,ST=Texas,C=US'],
    ['cf-cert-serial', '2688201DBA77402EA87118876F2E1B24CF8B0395'],
    ['cf-cert-not-before', 'Mar 21 13:35:00 2022 GMT'],
    ['cf-cert-not-after', 'Mar  1 03:05:09 2023 GMT'],
  ]);
});

test('without a certificate the three that are true or false come', () => {
  expect(forwardedHeaders(undefined, format)).toEqual({
    'cf-cert-revoked': 'false',
    'cf-cert-verified': 'false',
    'cf-cert-presented': 'false',
  });
});

test.for([
  [true, 'true', 'false', true],
  [false, 'false', 'false', false],
  ['CERT_HAS_EXPIRED', 'false', 'false', false],
  ['CERT_REVOKED', 'true', 'true', false], // "Also returns true when a client presents a valid certificate that was revoked"
] as const)('verified: %s is written as %s and %s', ([verified, verify, revoked, read]) => {
  const headers = forwardedHeaders(client, format, { verified });

  expect(headers).toMatchObject({ 'cf-cert-verified': verify, 'cf-cert-revoked': revoked, 'cf-cert-presented': 'true' });
  expect(parseForwardedHeaders(headers, format)).toMatchObject({ verified: read, certificate: { commonName: 'James Royal' } });
});

test('the certificate alone is read too: the Managed Transform is an option', () => {
  const { certificate, verified } = parseForwardedHeaders(
    { 'cf-client-cert-der-base64': client.certificate.raw.toString('base64') },
    format,
  );

  expect([certificate?.commonName, verified]).toEqual(['James Royal', undefined]);
});

test.for([
  ['a word of Workers', { 'cf-cert-verified': 'SUCCESS' }, 'cf-cert-verified'],
  ['no word on revocation', { 'cf-cert-revoked': undefined }, 'cf-cert-revoked'],
  ['a certificate that is revoked, but not valid', { 'cf-cert-verified': 'false', 'cf-cert-revoked': 'true' }, 'cf-cert-revoked'],
  ['a certificate of a client that presented none', { 'cf-cert-presented': 'false' }, 'cf-cert-presented'],
  ['a subject of another certificate', { 'cf-cert-subject-dn-rfc2253': 'CN=admin' }, 'cf-cert-subject-dn-rfc2253'],
  ['a fingerprint of another certificate', { 'Cf-Client-Cert-Sha256': '0'.repeat(64) }, 'Cf-Client-Cert-Sha256'],
  ['PEM', { 'Cf-Client-Cert-Der-Base64': client.certificatePem.replaceAll('\n', ' ') }, 'Cf-Client-Cert-Der-Base64'],
] as const)('%s is malformed', ([, changed, header]) => {
  expect(() => parseForwardedHeaders({ ...forwardedHeaders(client, format), ...changed }, format)).toThrow(
    expect.objectContaining({ code: 'FORWARDED_INVALID', facts: expect.objectContaining({ header }) }),
  );
});
