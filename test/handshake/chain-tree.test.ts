import { expect, test } from 'vitest';
import { chainTree, type ChainTreeOptions } from '../../src/handshake/chain-tree.ts';
import { createPki, inspectCertificate } from '../../src/index.ts';

const pki = createPki({ name: 'shop' });
const past = new Date(Date.now() - 60_000);
const future = new Date(Date.now() + 3_600_000);
const options = (more: Partial<ChainTreeOptions>): ChainTreeOptions => ({
  role: 'clientAuth',
  at: Date.now(),
  date: () => '<date>',
  ...more,
});

test('a chain is shown from the leaf up, and what is not presented is said', () => {
  const alice = pki.client('alice', { uri: 'spiffe://example.test/alice' });

  expect(chainTree(inspectCertificate(alice.chainPem), options({}))).toEqual([
    'CN=alice (clientAuth; spiffe://example.test/alice; <date> to <date>)',
    "'- O=mtls-fixtures, CN=shop issuing CA (CA; <date> to <date>)",
    "   '- issued by O=mtls-fixtures, CN=shop root CA, not presented",
  ]);
});

test.for([
  ['CERT_HAS_EXPIRED', pki.client('a', { notAfter: past }), [0], 'expired'],
  ['CERT_NOT_YET_VALID', pki.client('a', { notBefore: future }), [0], 'not yet valid'],
  ['INVALID_PURPOSE', pki.server(), [0], 'not for clientAuth'],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', pki.client(), [1], 'its issuer is not trusted'],
  ['CERT_REVOKED', pki.client(), [], undefined],
] as const)('%s is marked where it shows', ([reason, identity, marked, mark]) => {
  const lines = chainTree(inspectCertificate(identity.chainPem), options({ reason }));

  expect(lines.flatMap((line, at) => (line.includes('<--') ? [at] : []))).toEqual(marked);
  for (const at of marked) expect(lines[at]?.endsWith(`   <-- ${mark}`)).toBe(true);
});

test('a good certificate is not marked for the fault of another', () => {
  const short = pki.root.issueAuthority({ commonName: 'short', notAfter: past });
  const leaf = short.issue({ commonName: 'leaf', extendedKeyUsage: ['clientAuth'], notAfter: future });

  const lines = chainTree(inspectCertificate(leaf.chainPem), options({ reason: 'CERT_HAS_EXPIRED' }));

  expect(lines.map((line) => line.includes('<-- expired'))).toEqual([false, true, false]);
});

test('a name that was not found is marked at the leaf', () => {
  const reason = 'ERR_TLS_CERT_ALTNAME_INVALID';

  const [leaf] = chainTree(inspectCertificate(pki.server().chainPem), options({ role: 'serverAuth', reason, servername: 'other.test' }));

  expect(leaf).toMatch(/ {3}<-- does not name other\.test$/u);
});
