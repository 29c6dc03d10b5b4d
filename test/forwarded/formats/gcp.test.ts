import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { forwardedHeaders } from '../../../src/forwarded/forwarded-headers.ts';
import { parseForwardedHeaders } from '../../../src/forwarded/parse-forwarded-headers.ts';
import { createPki } from '../../../src/pki/pki.ts';

// "Create custom headers in backend services" of Google Cloud's documentation (read on 2026-11-30) says what each variable is; what a load balancer sent is in the README of the
// mTLS sample of Google's apigee-samples (of 2023-09): for a valid certificate, for none, and for one without clientAuth.
const format = 'gcp';
const pki = createPki();
const client = pki.client(undefined, {
  subject: {
    country: 'US',
    state: 'Pennsylvania',
    locality: 'Macungie',
    organization: 'Google LLC',
    commonName: 'xapi-dev.kurtkanaskie.net',
  },
  dns: 'xapi-dev.kurtkanaskie.net',
  uri: 'https://xapi-dev.kurtkanaskie.net',
  serialNumber: 'AD3E0EBCC3D4F42DAE5B213BE4CB8BF49D49A1',
  notBefore: new Date('2023-09-12T14:55:19Z'),
  notAfter: new Date('2023-10-12T14:55:18Z'),
});
const hash = createHash('sha256').update(client.certificate.raw).digest('base64');
const issuer = pki.issuer.certificatePem.replaceAll(/-----.*-----|\n/gu, '');

test('a verified certificate is described as in that sample', () => {
  expect(forwardedHeaders(client, format)).toMatchObject({
    'X-Client-Cert-Present': 'true',
    'X-Client-Cert-Chain-Verified': 'true',
    'X-Client-Cert-Error': '',
    'X-Client-Cert-Hash': hash.slice(0, 43), // "om8vGt3r6eTx5TI1kCeNKRJYZTUreIbHGu+Gu8FN8To" there: without padding
    'X-Client-Cert-Serial-Number': '00:ad:3e:0e:bc:c3:d4:f4:2d:ae:5b:21:3b:e4:cb:8b:f4:9d:49:a1',
    'X-Client-Cert-SPIFFE': '',
    'X-Client-Cert-URI-SANs': 'aHR0cHM6Ly94YXBpLWRldi5rdXJ0a2FuYXNraWUubmV0',
    'X-Client-Cert-DNSName-SANs': 'eGFwaS1kZXYua3VydGthbmFza2llLm5ldA==',
    'X-Client-Cert-Valid-Not-Before': '2023-09-12T14:55:19+00:00',
    'X-Client-Cert-Valid-Not-After': '2023-10-12T14:55:18+00:00',
    'X-Client-Cert-Leaf': `:${client.certificate.raw.toString('base64')}:`,
    'X-Client-Cert-Chain': `:${issuer}:`,
  });
});

test('the names are DER in Base64', () => {
  const { 'X-Client-Cert-Subject': subject } = forwardedHeaders(pki.client('a'), format);

  // SEQUENCE { SET { SEQUENCE { 2.5.4.3, UTF8String "a" } } }
  expect(Buffer.from(subject ?? '', 'base64').toString('hex')).toBe('300c310a300806035504030c0161');
});

test('a client without a certificate is described as in that sample', () => {
  const headers = forwardedHeaders(undefined, format);

  expect(headers).toMatchObject({
    'X-Client-Cert-Present': 'false',
    'X-Client-Cert-Chain-Verified': 'false',
    'X-Client-Cert-Error': 'client_cert_not_provided',
  });
  expect(Object.values(headers).filter((value) => value === '')).toHaveLength(11);
});

test.for([
  ['INVALID_PURPOSE', 'client_cert_chain_invalid_eku'],
  ['CERT_HAS_EXPIRED', 'client_cert_validation_failed'],
  [false, 'client_cert_validation_failed'],
  ['client_cert_validation_timed_out', 'client_cert_validation_timed_out'],
] as const)('of a certificate that is not valid (%s) there is the fingerprint, and %s', ([verified, error]) => {
  const headers = forwardedHeaders(client, format, { verified });

  expect(headers).toMatchObject({
    'X-Client-Cert-Present': 'true',
    'X-Client-Cert-Chain-Verified': 'false',
    'X-Client-Cert-Error': error,
    'X-Client-Cert-Hash': hash.slice(0, 43),
  });
  expect(Object.values(headers).filter((value) => value === '')).toHaveLength(10);
  expect(parseForwardedHeaders(headers, format)).toEqual({
    chain: [],
    verified: false,
    fields: { present: 'true', verify: 'false', error, fingerprint: hash.slice(0, 43) },
  });
});

test('a SPIFFE id has a header of its own, and is not among the URIs', () => {
  expect(forwardedHeaders(pki.client(undefined, { uri: 'spiffe://example.test/web' }), format)).toMatchObject({
    'X-Client-Cert-SPIFFE': 'spiffe://example.test/web',
    'X-Client-Cert-URI-SANs': '',
  });
});

test('a value beyond its limit is empty, and named among the errors', () => {
  const dns = Array.from({ length: 40 }, (_unused, index) => `host-${index}.example.test`);
  const headers = forwardedHeaders(pki.client('a', { dns, uri: ['https://a.test/', `https://b.test/${'x'.repeat(400)}`] }), format);

  expect(headers).toMatchObject({
    'X-Client-Cert-Chain-Verified': 'true',
    'X-Client-Cert-Error': 'client_cert_uri_sans_exceeded_size_limit,client_cert_dnsname_sans_exceeded_size_limit',
    'X-Client-Cert-URI-SANs': '',
    'X-Client-Cert-DNSName-SANs': '',
  });
  expect(parseForwardedHeaders(headers, format).certificate?.altNames.dns).toEqual(dns);
});

test('the operator decides on the header with the chain', () => {
  expect(forwardedHeaders(client, format, { chain: false })).not.toHaveProperty('X-Client-Cert-Chain');
});

test('everything is read, decoded', () => {
  const { certificate, chain, verified, fields } = parseForwardedHeaders(forwardedHeaders(client, format), format);

  expect([certificate?.commonName, chain.length, verified]).toEqual(['xapi-dev.kurtkanaskie.net', 1, true]);
  expect(fields).toMatchObject({
    dnsNames: ['xapi-dev.kurtkanaskie.net'],
    uris: ['https://xapi-dev.kurtkanaskie.net'],
    subject: 'C=US, ST=Pennsylvania, L=Macungie, O=Google LLC, CN=xapi-dev.kurtkanaskie.net',
    notAfter: '2023-10-12T14:55:18+00:00',
  });
});

test('empty headers say nothing: of a proxy without mutual TLS', () => {
  const empty = Object.fromEntries(Object.keys(forwardedHeaders(undefined, format)).map((name) => [name, '']));

  expect(parseForwardedHeaders(empty, format)).toEqual({ chain: [], fields: {} });
});

test.for([
  ['a certificate that did not pass validation', { 'X-Client-Cert-Chain-Verified': 'false' }],
  ['a word that is neither true nor false', { 'X-Client-Cert-Chain-Verified': 'TRUE' }],
  ['a certificate of a client that has none', { 'X-Client-Cert-Present': 'false' }],
  ['the fingerprint of another certificate', { 'X-Client-Cert-Hash': 'G+SrKkjfs6Kom73j7sp+hY6/5kZ+UjPdBDEyiaOUk08' }],
  ['names of another certificate', { 'X-Client-Cert-DNSName-SANs': 'YWRtaW4=' }],
  ['a SPIFFE id that the certificate does not have', { 'X-Client-Cert-SPIFFE': 'spiffe://example.test/admin' }],
  ['PEM', { 'X-Client-Cert-Leaf': client.certificatePem.replaceAll('\n', ' ') }],
] as const)('%s is malformed', ([, changed]) => {
  const [header] = Object.keys(changed);

  expect(() => parseForwardedHeaders({ ...forwardedHeaders(client, format), ...changed }, format)).toThrow(
    expect.objectContaining({ code: 'FORWARDED_INVALID', facts: expect.objectContaining({ header }) }),
  );
});
