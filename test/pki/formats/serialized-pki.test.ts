import { createPrivateKey, X509Certificate } from 'node:crypto';
import { expect, test } from 'vitest';
import { createPki } from '../../../src/pki/pki.ts';

test('a serialized PKI is plain data: name, settings, and each authority from the root down', () => {
  const pki = createPki({ name: 'p', keyAlgorithm: 'ec-p384', validFor: 3_600_000, intermediates: 2 });

  const serialized = pki.serialize();

  expect(JSON.parse(JSON.stringify(serialized))).toEqual(serialized);
  expect(structuredClone(serialized)).toEqual(serialized);
  expect(serialized).toMatchObject({ version: 1, name: 'p', keyAlgorithm: 'ec-p384', validFor: 3_600_000 });
  expect(serialized.authorities.map(({ certificate }) => new X509Certificate(certificate).subject)).toEqual([
    'O=mtls-fixtures\nCN=p root CA',
    'O=mtls-fixtures\nCN=p issuing CA 1',
    'O=mtls-fixtures\nCN=p issuing CA 2',
  ]);
});

test('each authority comes with its own key, its CRL number and its revocations', () => {
  const pki = createPki();
  pki.issuer.revoke(0xabcn, { reason: 'keyCompromise', date: new Date('2026-01-02T03:04:05.678Z') });
  pki.issuer.crl({ number: 41 });

  const [root, issuer] = pki.serialize().authorities;

  for (const authority of [root, issuer])
    expect(new X509Certificate(authority?.certificate ?? '').checkPrivateKey(createPrivateKey(authority?.key ?? ''))).toBe(true);
  expect(root).toMatchObject({ crlNumber: 0, revoked: [] });
  expect(issuer).toMatchObject({
    crlNumber: 41,
    revoked: [{ serialNumber: 'abc', reason: 'keyCompromise', date: '2026-01-02T03:04:05.678Z' }],
  });
});
