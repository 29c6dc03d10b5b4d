import { describe, expect, test } from 'vitest';
import { forwardedHeaders, forwardedLines } from '../../../src/forwarded/forwarded-headers.ts';
import { parseForwardedHeaders } from '../../../src/forwarded/parse-forwarded-headers.ts';
import { createPki, inspectCertificate } from '../../../src/index.ts';
import { caddyHeaders, leaf } from './measured-headers.ts';

const pki = createPki();

test('a client is named as Caddy names it, octet for octet and in its order', () => {
  expect(forwardedLines(inspectCertificate(Buffer.from(leaf, 'base64')), 'caddy')).toEqual(caddyHeaders);
});

test('what Caddy sends is read, octets as UTF-8', () => {
  const { certificate, chain, verified, fields } = parseForwardedHeaders(caddyHeaders, 'caddy');

  expect(certificate?.commonName).toBe('web 01');
  expect(chain).toEqual([]);
  expect(verified).toBeUndefined();
  expect(fields).toEqual({
    fingerprint: '922cf7ab4bf079f06a0d3100133e151662054f08aa9a083dc78d26e95abab353',
    issuer: 'CN=vectors issuing CA,O=mtls-fixtures',
    serialNumber: '13433369256225207278633426983318972665',
    subject: String.raw`CN=web 01,OU=A+OU=B,O=Exämple\, \"Org\"\; x=1\+y,C=FR`,
  });
});

describe('without a certificate', () => {
  const current = {
    'X-Client-Cert': '',
    'X-Client-Fingerprint': 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    'X-Client-Issuer': '',
    'X-Client-Serial': '<nil>',
    'X-Client-Subject': '',
  };
  const old = {
    'X-Client-Cert': '{http.request.tls.client.certificate_der_base64}',
    'X-Client-Fingerprint': '{http.request.tls.client.fingerprint}',
    'X-Client-Serial': '{http.request.tls.client.serial}',
  };

  test('Caddy 2.11 sends empty texts, <nil>, and the fingerprint of nothing', () => {
    expect(forwardedHeaders(undefined, 'caddy')).toEqual(current);
  });

  test.for([
    ['2.11', current],
    ['2.6', old],
    ['2.11, of which only the certificate is sent', { 'X-Client-Cert': '' }],
  ] as const)('what Caddy %s sends names no client', ([, headers]) => {
    expect(parseForwardedHeaders(headers, 'caddy')).toEqual({ chain: [], fields: {} });
  });

  test.for([
    ['a subject', { 'X-Client-Subject': 'CN=admin' }],
    ['a fingerprint', { 'X-Client-Fingerprint': 'ab'.repeat(32) }],
    ['a serial number', { 'X-Client-Serial': '1' }],
  ] as const)('%s is malformed', ([, headers]) => {
    expect(() => parseForwardedHeaders({ ...current, ...headers }, 'caddy')).toThrow(
      expect.objectContaining({ code: 'FORWARDED_INVALID', facts: expect.objectContaining({ header: Object.keys(headers)[0] }) }),
    );
  });
});

test.for([
  ['the fingerprint of another', 'X-Client-Fingerprint'],
  ['the subject of another', 'X-Client-Subject'],
  ['the serial number of another', 'X-Client-Serial'],
] as const)('%s is malformed', ([, name]) => {
  const alice = forwardedHeaders(pki.client('alice'), 'caddy');
  const mallory = forwardedHeaders(pki.client('mallory'), 'caddy');

  expect(parseForwardedHeaders(alice, 'caddy').certificate?.commonName).toBe('alice');
  expect(() => parseForwardedHeaders({ ...alice, [name]: mallory[name] }, 'caddy')).toThrow(
    expect.objectContaining({
      code: 'FORWARDED_INVALID',
      facts: { header: name, problem: expect.stringContaining('for the certificate') },
    }),
  );
});

test.for([
  ['a blank within', `${leaf.slice(0, 40)} ${leaf.slice(40)}`],
  ['a certificate that is cut off', leaf.slice(0, 400)],
  ['two certificates', `${leaf},${leaf}`],
  ['percent-encoded Base64', encodeURIComponent(leaf)],
  ['PEM', inspectCertificate(Buffer.from(leaf, 'base64')).pem],
  ['<nil>', '<nil>'],
] as const)('%s in the header of the certificate is malformed', ([, value]) => {
  expect(parseForwardedHeaders({ 'X-Client-Cert': leaf }, 'caddy').certificate?.commonName).toBe('web 01');
  expect(() => parseForwardedHeaders({ 'X-Client-Cert': value }, 'caddy')).toThrow(
    expect.objectContaining({ code: 'FORWARDED_INVALID', facts: expect.objectContaining({ header: 'X-Client-Cert' }) }),
  );
});

test('a subject with a control character cannot be written: Caddy answers 502', () => {
  const client = pki.client(undefined, { subject: [{ type: 'commonName', value: 'a\nb' }] });

  expect(forwardedHeaders(pki.client('a b'), 'caddy')['X-Client-Subject']).toBe('CN=a b');
  expect(() => forwardedHeaders(client, 'caddy')).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }));
});
