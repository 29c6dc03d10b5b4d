import { expect, test } from 'vitest';
import { forwardedHeaders } from '../../../src/forwarded/forwarded-headers.ts';
import { parseForwardedHeaders } from '../../../src/forwarded/parse-forwarded-headers.ts';
import { createPki } from '../../../src/pki/pki.ts';

const format = 'aws-alb-passthrough';
const header = 'X-Amzn-Mtls-Clientcert';
const pki = createPki();
const alice = pki.client('alice');

/** "URL-encoded PEM format of the entire client certificate chain presented in the connection, with +=/ as safe characters". */
const encoded = (pem: string): string => pem.replaceAll(' ', '%20').replaceAll('\n', '%0A');

test('the chain is percent-encoded PEM, in which three characters of Base64 stay as they are', () => {
  expect(forwardedHeaders(alice, format)).toEqual({ [header]: encoded(alice.chainPem) });
  expect(forwardedHeaders(alice, format, { chain: false })).toEqual({ [header]: encoded(alice.chainPem) }); // the client decides
  expect(forwardedHeaders(undefined, format)).toEqual({});
});

test("the value has the form of the documentation's example", () => {
  // AWS documentation, "Mutual authentication with TLS in Application Load Balancer", read on 2026-11-30: `-----BEGIN%20CERTIFICATE-----%0AMIID<...reduced...>do0g%3D%3D%0A-----END%20CERTIFICATE-----%0A`, twice.
  const part = String.raw`-----BEGIN%20CERTIFICATE-----%0AMII(?:[A-Za-z\d+/]|%0A)+={0,2}%0A-----END%20CERTIFICATE-----%0A`;

  expect(forwardedHeaders(alice, format)[header]).toMatch(new RegExp(`^${part}${part}$`, 'u'));
});

test('the leaf and its chain are read, also where the equals sign is escaped, as in that example', () => {
  const value = encoded(alice.chainPem);

  for (const each of [value, value.replaceAll('=', '%3D'), value.replaceAll('=', '%3d')]) {
    const { certificate, chain, verified } = parseForwardedHeaders({ [header]: each }, format);
    expect(certificate?.commonName).toBe('alice');
    expect(chain.map(({ fingerprint256 }) => fingerprint256)).toEqual([pki.issuer.certificate.fingerprint256]);
    expect(verified).toBe(undefined);
  }
});

test.for([
  ['a value that was decoded as a form', (value: string) => value.replaceAll('+', ' ')],
  ['a value that was escaped twice', (value: string) => value.replaceAll('%', '%25')],
  ['escapes of characters that the load balancer leaves', (value: string) => value.replaceAll('/', '%2F').replaceAll('+', '%2B')],
  ['PEM that is cut off', (value: string) => value.slice(0, -20)],
  ['an empty value', () => ''],
] as const)('%s is malformed', ([, change]) => {
  const value = encoded(pki.client('bob', { extensions: [plusAndSlash] }).chainPem);

  expect(parseForwardedHeaders({ [header]: value }, format).certificate?.commonName).toBe('bob');
  expect(() => parseForwardedHeaders({ [header]: change(value) }, format)).toThrow(
    expect.objectContaining({ code: 'FORWARDED_INVALID', facts: expect.objectContaining({ header }) }),
  );
});

/** Octets whose Base64 has `+` and `/`, wherever they begin in a group of three. */
const plusAndSlash = { oid: '1.3.6.1.4.1.57683.99', value: Buffer.from('fbefbefbefbefbefbeffffffffffffffffffffff', 'hex') };
