import { expect, test } from 'vitest';
import { forwardedHeaders } from '../../../src/forwarded/forwarded-headers.ts';
import { parseForwardedHeaders } from '../../../src/forwarded/parse-forwarded-headers.ts';
import { createPki } from '../../../src/pki/pki.ts';

// Microsoft's "Set up TLS mutual authentication in Azure App Service" (2025): Base64 in the header `X-ARR-ClientCert`; its sample for Node.js puts the value between the lines of
// PEM, its sample for ASP.NET gives it to Convert.FromBase64String.
const format = 'azure-app-service';
const alice = createPki().client('alice');

test('the leaf is Base64 on one line', () => {
  expect(forwardedHeaders(alice, format)).toEqual({ 'X-ARR-ClientCert': alice.certificate.raw.toString('base64') });
  expect(forwardedHeaders(undefined, format)).toEqual({});
});

test('it is read without a word of whether it was verified', () => {
  const { certificate, chain, ...rest } = parseForwardedHeaders(forwardedHeaders(alice, format), format);

  expect(certificate?.commonName).toBe('alice');
  expect(chain).toEqual([]);
  expect(rest).toEqual({ fields: {} });
});

test.for([
  ['PEM', alice.certificatePem.replaceAll('\n', ' ')],
  ['percent-encoded Base64', encodeURIComponent(alice.certificate.raw.toString('base64'))],
  ['an empty value', ''],
] as const)('%s is malformed', ([, value]) => {
  expect(() => parseForwardedHeaders({ 'x-arr-clientcert': value }, format)).toThrow(
    expect.objectContaining({ code: 'FORWARDED_INVALID', facts: expect.objectContaining({ header: 'X-ARR-ClientCert' }) }),
  );
});
