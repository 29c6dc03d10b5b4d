import { expect, test } from 'vitest';
import { forwardedHeaders } from '../../../src/forwarded/forwarded-headers.ts';
import { parseForwardedHeaders } from '../../../src/forwarded/parse-forwarded-headers.ts';
import { createPki } from '../../../src/pki/pki.ts';
import { inspectCertificate } from '../../../src/x509/inspect-certificate.ts';
import { malformedHeader } from './samples.ts';

const format = 'rfc9440';

/** The header of RFC 9440's appendix A (and of RFC 9421 B.3): a client `CN=BC`, issued by "Let's Authenticate". */
const example = [
  ':MIIBqDCCAU6gAwIBAgIBBzAKBggqhkjOPQQDAjA6MRswGQYDVQQKDBJMZXQncyBBdXRoZW50aWNhdGUxGzAZBgNVBAMMEkxBIEludGVybWVkaWF0ZSBDQTAeFw0yMDAx',
  'MTQyMjU1MzNaFw0yMTAxMjMyMjU1MzNaMA0xCzAJBgNVBAMMAkJDMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE8YnXXfaUgmnMtOXU/IncWalRhebrXmckC8vdgJ1p',
  '5Be5F/3YC8OthxM4+k1M6aEAEFcGzkJiNy6J84y7uzo9M6NyMHAwCQYDVR0TBAIwADAfBgNVHSMEGDAWgBRm3WjLa38lbEYCuiCPct0ZaSED2DAOBgNVHQ8BAf8EBAMC',
  'BsAwEwYDVR0lBAwwCgYIKwYBBQUHAwIwHQYDVR0RAQH/BBMwEYEPYmRjQGV4YW1wbGUuY29tMAoGCCqGSM49BAMCA0gAMEUCIBHda/r1vaL6G3VliL4/Di6YK0Q6bMje',
  'SkC3dFCOOB8TAiEAx/kHSB4urmiZ0NX5r5XarmPk0wmuydBVoU4hBVZ1yhk=:',
].join('');
const pki = createPki({ intermediates: 2 });
const alice = pki.client('alice');
const headers = forwardedHeaders(alice, format);

test("the certificate of the RFC's example is written as there", () => {
  const bc = inspectCertificate(`-----BEGIN CERTIFICATE-----\n${example.slice(1, -1)}\n-----END CERTIFICATE-----\n`);

  expect(forwardedHeaders(bc, format)).toEqual({ 'Client-Cert': example });
});

test("the RFC's example is read", () => {
  const { certificate } = parseForwardedHeaders({ 'client-cert': example }, format);

  expect(certificate).toMatchObject({ commonName: 'BC', altNames: { email: ['bdc@example.com'] }, serialNumber: '07' });
});

test('a chain is one list, whether it comes in one line or several, and parameters mean nothing', () => {
  const [first = '', second = ''] = headers['Client-Cert-Chain']?.split(', ') ?? [];
  const authorities = [pki.issuer.name, pki.issuer.parent?.name];

  for (const lines of [[`${first}, ${second}`], [first, second], [`${first},${second};a=1;b`]]) {
    const { chain } = parseForwardedHeaders({ 'client-cert': `${headers['Client-Cert']};verified`, 'client-cert-chain': lines }, format);
    expect(chain.map(({ commonName }) => commonName)).toEqual(authorities);
  }
});

test.for([
  ['two lines of the leaf', { 'Client-Cert': [example, example] }, 'twice'],
  ['two leaves in a line', { 'Client-Cert': `${example}, ${example}` }, 'not one Byte Sequence'],
  ['an empty Byte Sequence', { 'Client-Cert': '::' }, 'empty'],
  ['an empty value', { 'Client-Cert': '' }, 'not one Byte Sequence'],
  ['Base64 without colons', { 'Client-Cert': example.slice(1, -1) }, 'not one Byte Sequence'],
  ['Base64 with blanks', { 'Client-Cert': example.replace('MII', 'M II') }, 'not Base64'],
  ['percent-encoded Base64', { 'Client-Cert': example.replaceAll('+', '%2B') }, 'not Base64'],
  ['a certificate that is cut off', { 'Client-Cert': `${example.slice(0, 101)}:` }, 'longer than what holds it'],
] as const)('%s is malformed', ([, given, problem]) => {
  expect(() => parseForwardedHeaders(given, format)).toThrow(malformedHeader('Client-Cert', problem));
});

test.for([
  ['a chain without a leaf', { 'Client-Cert-Chain': example }, 'without Client-Cert'],
  [
    'a chain with an item that is not a Byte Sequence',
    { 'Client-Cert': example, 'Client-Cert-Chain': `${example}, ?1` },
    'not one Byte Sequence',
  ],
  ['a chain that ends with a comma', { 'Client-Cert': example, 'Client-Cert-Chain': `${example},` }, 'not one Byte Sequence'],
] as const)('%s is malformed', ([, given, problem]) => {
  expect(() => parseForwardedHeaders(given, format)).toThrow(malformedHeader('Client-Cert-Chain', problem));
});
