import { expect, test } from 'vitest';
import { forwardedHeaders, forwardedLines } from '../../../src/forwarded/forwarded-headers.ts';
import { parseForwardedHeaders } from '../../../src/forwarded/parse-forwarded-headers.ts';
import { createPki } from '../../../src/pki/pki.ts';

const format = 'aws-alb';
const issuer = createPki().root.issueAuthority({
  subject: [
    { type: 'C', value: 'US' },
    { type: 'ST', value: 'Washington' },
    { type: 'L', value: 'Seattle' },
    { type: 'O', value: 'mTLS' },
    { type: 'OU', value: 'rootCA' },
    { type: 'CN', value: 'rootcamtls.com' },
  ],
});
const client = issuer.issue({
  subject: [
    { type: 'C', value: 'US' },
    { type: 'ST', value: 'Washington' },
    { type: 'O', value: 'mTLS' },
    { type: 'OU', value: 'client-3' },
    { type: 'CN', value: 'client_.com' },
  ],
  serialNumber: '03A5B1',
  notBefore: new Date('2023-09-21T01:50:17Z'),
  notAfter: new Date('2024-09-20T01:50:17Z'),
});

test('the headers are those of the documentation, for its certificate', () => {
  // AWS documentation, "Mutual authentication with TLS in Application Load Balancer", read on 2026-11-30; the leaf is shown there as `-----BEGIN%20CERTIFICATE-----%0AMIIG<...reduced...>NmrUlw%0A-----END%20CERTIFICATE-----%0A`.
  expect(forwardedLines(client, format)).toEqual([
    ['X-Amzn-Mtls-Clientcert-Serial-Number', '03A5B1'],
    ['X-Amzn-Mtls-Clientcert-Issuer', 'CN=rootcamtls.com,OU=rootCA,O=mTLS,L=Seattle,ST=Washington,C=US'],
    ['X-Amzn-Mtls-Clientcert-Subject', 'CN=client_.com,OU=client-3,O=mTLS,ST=Washington,C=US'],
    ['X-Amzn-Mtls-Clientcert-Validity', 'NotBefore=2023-09-21T01:50:17Z;NotAfter=2024-09-20T01:50:17Z'],
    ['X-Amzn-Mtls-Clientcert-Leaf', client.certificatePem.replaceAll(' ', '%20').replaceAll('\n', '%0A')],
  ]);
  expect(forwardedLines(client, format).at(-1)?.[1]).toMatch(
    /^-----BEGIN%20CERTIFICATE-----%0AMII(?:[A-Za-z\d+/]|%0A)+={0,2}%0A-----END%20CERTIFICATE-----%0A$/u,
  );
});

test('without a certificate the load balancer ends the connection: there are no headers', () => {
  expect(forwardedHeaders(undefined, format)).toEqual({});
  expect(parseForwardedHeaders({}, format)).toEqual({ chain: [], fields: {} });
});

test('the certificate is read, with what the other headers say', () => {
  const { certificate, fields, verified } = parseForwardedHeaders(forwardedHeaders(client, format), format);

  expect(certificate?.commonName).toBe('client_.com');
  expect(verified).toBe(undefined);
  expect(fields).toEqual({
    serialNumber: '03A5B1',
    issuer: 'CN=rootcamtls.com,OU=rootCA,O=mTLS,L=Seattle,ST=Washington,C=US',
    subject: 'CN=client_.com,OU=client-3,O=mTLS,ST=Washington,C=US',
    validity: 'NotBefore=2023-09-21T01:50:17Z;NotAfter=2024-09-20T01:50:17Z',
  });
});

test.for([
  ['a serial number of another certificate', { 'X-Amzn-Mtls-Clientcert-Serial-Number': '03A5B2' }],
  ['a subject of another certificate', { 'X-Amzn-Mtls-Clientcert-Subject': 'CN=admin' }],
  ['dates of another certificate', { 'X-Amzn-Mtls-Clientcert-Validity': 'NotBefore=2023-09-21T01:50:17Z;NotAfter=2099-09-20T01:50:17Z' }],
  ['a chain in place of the leaf', { 'X-Amzn-Mtls-Clientcert-Leaf': client.chainPem.replaceAll(' ', '%20').replaceAll('\n', '%0A') }],
] as const)('%s is malformed', ([, changed]) => {
  const [header] = Object.keys(changed);

  expect(() => parseForwardedHeaders({ ...forwardedHeaders(client, format), ...changed }, format)).toThrow(
    expect.objectContaining({ code: 'FORWARDED_INVALID', facts: expect.objectContaining({ header }) }),
  );
});

test('a name with escapes is taken as it came: AWS does not document how they look', () => {
  const bob = issuer.issue({ subject: { commonName: 'Jörg, "Bob"' } });
  const subject = 'CN=J\u00c3\u00b6rg\\, \\"Bob\\"';

  const { fields } = parseForwardedHeaders({ ...forwardedHeaders(bob, format), 'X-Amzn-Mtls-Clientcert-Subject': subject }, format);
  expect(fields['subject']).toBe('CN=Jörg\\, \\"Bob\\"');
});
