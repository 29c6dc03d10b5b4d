import { expect, test } from 'vitest';
import { createPki, type Identity, type Pki } from '../../src/index.ts';
import { describeWith, run } from './judges.ts';
import { temporaryFolder } from './temporary-folder.ts';

const yesterday = new Date(Date.now() - 86_400_000);

describeWith('openssl')('openssl verify -crl_check_all', () => {
  test.for([0, 1, 2, 3])('accepts a leaf that is not revoked below %i intermediates', async (intermediates) => {
    const pki = createPki({ intermediates });

    expect(await verify(pki, pki.client())).toBe('OK');
  });

  test('accepts the others where one leaf is revoked', async () => {
    const pki = createPki();
    const [good, bad] = [pki.client('good'), pki.client('bad')];

    pki.issuer.revoke(bad);

    expect(await verify(pki, good)).toBe('OK');
    expect(await verify(pki, bad)).toBe('error 23 at 0 depth lookup: certificate revoked');
  });

  test('refuses what an intermediate issued that is revoked', async () => {
    const pki = createPki();
    const client = pki.client();
    expect(await verify(pki, client)).toBe('OK');

    pki.root.revoke(pki.issuer, 'cACompromise');

    expect(await verify(pki, client)).toBe('error 23 at 1 depth lookup: certificate revoked');
  });

  test('refuses a leaf that is revoked by its serial number', async () => {
    const pki = createPki();
    const client = pki.client('by-number', { serialNumber: '0a:bc' });

    pki.issuer.revoke(0xabcn);

    expect(await verify(pki, client)).toBe('error 23 at 0 depth lookup: certificate revoked');
  });

  test.for([
    [
      'the CRL of the issuer is stale',
      (pki: Pki) => pki.issuer.crl({ nextUpdate: yesterday }) + pki.root.crl(),
      'error 12 at 0 depth lookup: CRL has expired',
    ],
    [
      'the CRL of the root is stale',
      (pki: Pki) => pki.issuer.crl() + pki.root.crl({ nextUpdate: yesterday }),
      'error 12 at 1 depth lookup: CRL has expired',
    ],
    [
      'the CRL of the issuer is of tomorrow',
      (pki: Pki) => pki.issuer.crl({ thisUpdate: new Date(Date.now() + 86_400_000) }) + pki.root.crl(),
      'error 11 at 0 depth lookup: CRL is not yet valid',
    ],
    ['the CRL of the issuer is missing', (pki: Pki) => pki.root.crl(), 'error 3 at 0 depth lookup: unable to get certificate CRL'],
    [
      'the CRL is of an issuer that has the same names',
      (pki: Pki) => createPki({ name: pki.name }).crls().join(''),
      'error 3 at 0 depth lookup: unable to get certificate CRL',
    ],
  ] as const)('refuses a good leaf where %s', async ([, crls, reason]) => {
    const pki = createPki();
    const client = pki.client();

    expect(await verify(pki, client)).toBe('OK');
    expect(await verify(pki, client, crls(pki))).toBe(reason);
  });
});

async function verify(pki: Pki, { chainPem }: Identity, crls: string = pki.crls().join('')): Promise<string> {
  using folder = temporaryFolder();
  const chain = folder.write('chain.pem', chainPem);
  const given = [
    '-CAfile',
    folder.write('anchors.pem', pki.anchors),
    '-no-CApath',
    '-no-CAstore',
    '-untrusted',
    chain,
    '-CRLfile',
    folder.write('crls.pem', crls),
  ];
  const { status, stderr } = await run('openssl', ['verify', '-x509_strict', '-crl_check_all', ...given, chain]);
  return status === 0 ? 'OK' : (/^error \d.*/mu.exec(stderr)?.[0] ?? stderr);
}
