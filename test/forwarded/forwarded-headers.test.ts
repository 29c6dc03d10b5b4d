import { expect, test } from 'vitest';
import type { HeaderNames } from '../../src/forwarded/format.ts';
import { forwardedHeaders } from '../../src/forwarded/forwarded-headers.ts';
import { parseForwardedHeaders } from '../../src/forwarded/parse-forwarded-headers.ts';
import { attemptHandshake, createPki, type Handshake, startHttpsServer } from '../../src/index.ts';

const pki = createPki();
const alice = pki.client('alice');
const leaf = alice.certificate.raw.toString('base64');
const [issuer = ''] = pki.issuer.certificate.raw.toString('base64').split('\n');

test('a client is named as RFC 9440 says: the leaf in one header, its issuers in the other', () => {
  expect(forwardedHeaders(alice, 'rfc9440')).toEqual({ 'Client-Cert': `:${leaf}:`, 'Client-Cert-Chain': `:${issuer}:` });
  expect(forwardedHeaders(alice, 'rfc9440', { chain: false })).toEqual({ 'Client-Cert': `:${leaf}:` });
});

test('a client without a certificate is named by no header', () => {
  expect(forwardedHeaders(undefined, 'rfc9440')).toEqual({});
  expect(parseForwardedHeaders({}, 'rfc9440')).toEqual({ chain: [], fields: {} });
});

test('what is written is read', () => {
  const { certificate, chain } = parseForwardedHeaders(forwardedHeaders(alice, 'rfc9440'), 'rfc9440');

  expect(certificate?.commonName).toBe('alice');
  expect(chain.map(({ subject }) => subject.text)).toEqual([alice.certificate.issuer.replaceAll('\n', ', ')]);
});

test('a header that comes twice is malformed, however it is spelled', () => {
  const [value] = Object.values(forwardedHeaders(alice, 'rfc9440'));

  expect(() => parseForwardedHeaders(['Client-Cert', value ?? '', 'client-cert', value ?? ''], 'rfc9440')).toThrow(
    expect.objectContaining({ code: 'FORWARDED_INVALID' }),
  );
});

test('of a handshake, a client that its server refused is not verified, and one that refused the server had not been judged', async () => {
  await using server = await startHttpsServer((_request, response) => response.end(), { pki });
  const refused = await attemptHandshake(server, { identity: pki.client('old', { notAfter: new Date(0) }) });
  const refusing = await attemptHandshake(server, { identity: alice.trusting(createPki()), minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' });
  const verify = (handshake: Handshake): string | undefined => forwardedHeaders(handshake, 'nginx')['X-SSL-Client-Verify'];

  expect(verify(refused)).toBe('FAILED:certificate has expired');
  expect([refusing.rejectedBy, verify(refusing)]).toEqual(['client', 'SUCCESS']);
});

test.for([
  ['what the format does not say', { verify: 'X-Verify' }, 'names'],
  ['a misspelled field', { certifcate: 'X-Client-Cert' }, 'did you mean "certificate"'],
  ['text that is not a name', { certificate: 'X Client Cert' }, 'names.certificate'],
  ['a number', { certificate: 5 }, 'names.certificate'],
  ['a list', ['X-Client-Cert'], 'names'],
] as const)('names of %s are refused', ([, given, told]) => {
  const names = given as HeaderNames; // from JavaScript
  const refusal = expect.objectContaining({ code: 'OPTION_INVALID', message: expect.stringContaining(told) });

  expect(() => forwardedHeaders(alice, 'rfc9440', { names })).toThrow(refusal);
  expect(() => parseForwardedHeaders({}, 'rfc9440', { names })).toThrow(refusal);
});

test("a malformed header goes by the operator's name", () => {
  const malformed = (header: string): unknown =>
    expect.objectContaining({ code: 'FORWARDED_INVALID', facts: { header, problem: 'its Byte Sequence is empty' } });
  const names = { certificate: 'X-Client-Cert' };

  expect(() => parseForwardedHeaders({ 'x-client-cert': '::' }, 'rfc9440', { names })).toThrow(malformed('X-Client-Cert'));
  expect(() => parseForwardedHeaders({ 'client-cert': '::' }, 'rfc9440')).toThrow(malformed('Client-Cert'));
});
