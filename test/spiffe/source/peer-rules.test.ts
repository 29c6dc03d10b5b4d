import { X509Certificate } from 'node:crypto';
import { expect, test } from 'vitest';
import { createPki, inspectCertificate, type Identity, type PeerCertificate } from '../../../src/index.ts';
import { type KnownCertificates, peerProblem } from '../../../src/spiffe/source/peer-rules.ts';

const web = 'spiffe://example.test/web';
const pki = createPki({ name: 'peer rules' });
const minute = 60_000;
const known = (): KnownCertificates => ({ bundles: new Map([['example.test', [pki.root.certificate]]]), issuers: new Map() });
const peerOf = ({ chainPem }: Identity): PeerCertificate => inspectCertificate(chainPem);
const notVerified = 'the bundle of its trust domain "example.test" does not verify it';

test('a peer whose chain leads to its bundle is accepted, and then its leaf alone', () => {
  const certificates = known();
  const leaf = inspectCertificate(pki.svid(web).certificatePem);

  expect(peerProblem(leaf, certificates)).toBe(notVerified);
  expect(peerProblem(peerOf(pki.svid(web)), certificates)).toBeUndefined();
  expect(peerProblem(leaf, certificates)).toBeUndefined();
});

test('a signature that is not valid is refused', () => {
  const { certificate, authority } = pki.svid(web);
  const altered = Buffer.from(certificate.raw);
  altered[altered.length - 1] = (altered.at(-1) ?? 0) ^ 1;
  const issuer = new X509Certificate(authority?.certificatePem ?? '');
  const chain = [inspectCertificate(issuer)];

  expect(new X509Certificate(altered).checkIssued(issuer)).toBe(true);
  expect(peerProblem({ ...inspectCertificate(altered), chain }, known())).toBe(notVerified);
  expect(peerProblem({ ...inspectCertificate(certificate.raw), chain }, known())).toBeUndefined();
});

test.for([
  ['a leaf that has expired', { notBefore: new Date(Date.now() - 60 * minute), notAfter: new Date(Date.now() - minute) }],
  ['a leaf that does not count yet', { notBefore: new Date(Date.now() + 60 * minute), notAfter: new Date(Date.now() + 90 * minute) }],
] as const)('%s is refused', ([, dates]) => {
  expect(peerProblem(peerOf(pki.svid(web, dates)), known())).toBe(notVerified);
  expect(peerProblem(peerOf(pki.svid(web)), known())).toBeUndefined();
});

test('the CAs that are remembered are the newest hundred', () => {
  const certificates = known();

  for (let number = 0; number < 120; number += 1) {
    const issued = pki.root.issueAuthority({ commonName: `CA ${number}` }).issue({ uri: web });
    expect(peerProblem(peerOf(issued), certificates)).toBeUndefined();
  }

  expect(certificates.issuers.size).toBe(100);
});

test('a decision about the id may be a sentence', () => {
  const peer = peerOf(pki.svid(web));

  expect(peerProblem(peer, known(), () => 'not today')).toBe('not today');
  expect(peerProblem(peer, known(), () => false)).toBe(`"${web}" is not authorized`);
  expect(peerProblem(peer, known(), (id) => id === web)).toBeUndefined();
});
