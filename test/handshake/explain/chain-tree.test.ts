import { expect, test } from 'vitest';
import { chainTree } from '../../../src/handshake/explain/chain-tree.ts';
import { createPki, inspectCertificate } from '../../../src/index.ts';

const pki = createPki({ name: 'shop' });
const date = () => '<date>';

test('a chain is shown from the leaf up, and what is not presented is said', () => {
  const alice = pki.client('alice', { uri: 'spiffe://example.test/alice' });

  expect(chainTree(inspectCertificate(alice.chainPem), { faults: [], date })).toEqual([
    'CN=alice (clientAuth; spiffe://example.test/alice; <date> to <date>)',
    "'- O=mtls-fixtures, CN=shop issuing CA (CA; <date> to <date>)",
    "   '- issued by O=mtls-fixtures, CN=shop root CA, not presented",
  ]);
});

test('the certificate that is at fault is marked, and no other', () => {
  const alice = inspectCertificate(pki.client('alice').chainPem);
  const [issuer = alice] = alice.chain;

  const lines = chainTree(alice, { faults: [{ certificate: issuer, mark: 'expired' }], date });

  expect(lines.map((line) => line.includes('   <-- expired'))).toEqual([false, true, false]);
});

test('of a long chain the ends are left out, and the one that is at fault is not', () => {
  const chain = Array.from({ length: 20 }).map((_, at) => inspectCertificate(pki.client(`number ${at}`).certificatePem));
  const [leaf, ...others] = chain;
  const [, , , , , , seventh] = others;
  if (!leaf || !seventh) throw new Error('the chain is too short');

  const lines = chainTree({ ...leaf, chain: others }, { faults: [{ certificate: seventh, mark: 'expired' }], date });

  expect(lines.length).toBe(6);
  expect(lines[2]).toMatch(/- \.\.\. 5 more$/u);
  expect(lines[3]).toMatch(/CN=number 7 .* {3}<-- expired$/u);
  expect(lines[4]).toMatch(/- \.\.\. 12 more$/u);
});

test('names are shown in part where there are many, or long ones, and the mark stays', () => {
  const many = Array.from({ length: 2000 }).map((_, at) => `${'host'.repeat(10)}-${at}.example.test`);
  const certificate = inspectCertificate(pki.server({ dns: many, commonName: 'x'.repeat(64) }).certificatePem);

  const [leaf = ''] = chainTree(certificate, { faults: [{ certificate, mark: 'does not name the host' }], date });

  expect(leaf.length).toBeLessThanOrEqual(190);
  expect(leaf).toMatch(/ {3}<-- does not name the host$/u);
});
