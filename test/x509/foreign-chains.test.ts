import { X509Certificate } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { decodePem } from '../../src/asn1/pem.ts';
import { inspectCertificate } from '../../src/x509/inspect-certificate.ts';
import { buildChain } from '../../src/x509/verification/build-chain.ts';
import { nameVerifyFailure } from '../../src/x509/verification/verify-failure.ts';
import { describeWith, run } from '../interop/judges.ts';
import { temporaryFolder } from '../interop/temporary-folder.ts';
import { foreignFiles } from './foreign-files.ts';

/** The leaf first, the root last. */
const chains = foreignFiles
  .filter(({ file }) => file.endsWith('/chain.pem'))
  .map(({ file, pem }) => ({ tool: file.split('/')[0] ?? '', pem, ders: decodePem(pem).map(({ der }) => der) }));
const roots = chains.map(({ ders }) => ders.at(-1) ?? new Uint8Array(0));
const unrelated = chains.flatMap(({ ders }) => ders.slice(1, -1));

describe('the chain of another tool', () => {
  test.for(chains.map(({ tool, ...chain }) => [tool, chain] as const))(
    '%s: is one, by the signatures that Node verifies',
    ([, { ders }]) => {
      const certificates = ders.map((der) => new X509Certificate(der));

      for (const [index, certificate] of certificates.entries()) {
        const issuer = certificates[index + 1] ?? certificate;
        expect(certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey)).toBe(true);
      }
    },
  );

  test.for(chains.map(({ tool, ...chain }) => [tool, chain] as const))('%s: is read as a leaf and its issuers', ([, { pem, ders }]) => {
    const { chain, fingerprint256, issuer } = inspectCertificate(pem);

    expect([fingerprint256, ...chain.map((next) => next.fingerprint256)]).toEqual(ders.map(fingerprint));
    expect(chain[0]?.subject).toEqual(issuer);
    expect(chain.every(({ isAuthority }) => isAuthority)).toBe(true);
  });

  test.for(chains.map(({ tool, ...chain }) => [tool, chain] as const))(
    '%s: is built from all certificates of all tools',
    ([, { ders }]) => {
      const [leaf = new Uint8Array(0)] = ders;

      const { certificates } = buildChain([leaf, ...unrelated.toReversed()], roots);

      expect(certificates.map(({ der }) => fingerprint(der))).toEqual(ders.map(fingerprint));
    },
  );
});

describeWith('openssl')('of the chain of another tool', () => {
  test.for(chains.map(({ tool, ...chain }) => [tool, chain] as const))('%s: openssl says the same as we do', async ([, { pem, ders }]) => {
    const anchor = ders.at(-1) ?? new Uint8Array(0);

    const said = await verifyByOpenssl(pem);

    expect(nameVerifyFailure({ chain: ders, anchors: [anchor], securityLevel: 1 })).toBe(said);
  });

  test('it refuses some, for what they say and for how they are signed', async () => {
    const refused = await Promise.all(chains.map(async ({ tool, pem }) => [tool, await verifyByOpenssl(pem)] as const));

    expect(refused.filter(([, failure]) => failure !== undefined)).toEqual([
      ['go', 'PERMITTED_VIOLATION'],
      ['openssl', 'PERMITTED_VIOLATION'],
      ['selfsigned', 'CA_MD_TOO_WEAK'],
    ]);
  });
});

/** Its name for what is wrong, whatever the date; undefined where nothing is. */
async function verifyByOpenssl(pem: string): Promise<string | undefined> {
  using folder = temporaryFolder();
  const blocks = decodePem(pem).map(({ text }) => `${text}\n`);
  const [leaf, untrusted, anchor] = [blocks[0] ?? '', blocks.slice(1).join(''), blocks.at(-1) ?? ''];
  const files = [
    '-trusted',
    folder.write('anchor.pem', anchor),
    '-untrusted',
    folder.write('others.pem', untrusted),
    folder.write('leaf.pem', leaf),
  ];
  const { status, stdout, stderr } = await run('openssl', ['verify', '-no_check_time', '-auth_level', '1', ...files]);
  if (status === 0) return undefined;
  const [, words = ''] = /depth lookup: (.*)$/mu.exec(stdout + stderr) ?? [];
  return failures.get(words) ?? stdout + stderr;
}

const failures = new Map([
  ['permitted subtree violation', 'PERMITTED_VIOLATION'],
  ['CA signature digest algorithm too weak', 'CA_MD_TOO_WEAK'],
]);

function fingerprint(der: Uint8Array): string {
  return new X509Certificate(der).fingerprint256;
}
