import { afterAll, expect, test } from 'vitest';
import { type Authority, createPki, type Identity, type Pki, startHttpsServer } from '../../src/index.ts';
import type { RevocationServer } from '../../src/revocation/revocation-server.ts';
import type { RevocationServerOptions } from '../../src/revocation/revocation-server-options.ts';
import { startRevocationServer } from '../../src/revocation/start-revocation-server.ts';
import { type Answer, describeWith, outputOf, run } from './judges.ts';
import { askGnutls, askJava, type ClientVerdict, type JavaCall } from './revocation-clients.ts';
import { temporaryFolder } from './temporary-folder.ts';

const folder = temporaryFolder();
const yesterday = new Date(Date.now() - 86_400_000);

afterAll(() => {
  folder[Symbol.dispose]();
});

describeWith('openssl')('openssl ocsp -url', () => {
  test('asks with a nonce, gets it back, and learns what was revoked since', async () => {
    const { pki, leaf } = publishing();
    await using revocation = await startRevocationServer(pki);

    const before = await askOverHttp(pki, leaf, revocation);
    pki.issuer.revoke(leaf, 'keyCompromise');
    const after = await askOverHttp(pki, leaf, revocation);

    expect(before).toMatchObject({ status: 0, stderr: 'Response verify OK\n' }); // and no warning about a nonce
    expect(before.stdout).toContain('leaf.pem: good');
    expect(after).toMatchObject({ status: 0, stderr: 'Response verify OK\n' });
    expect(after.stdout).toMatch(/leaf\.pem: revoked\n(?:.*\n)*\s+Reason: keyCompromise/u);
    expect(revocation.requests).toMatchObject([
      { kind: 'ocsp', method: 'POST', serialNumber: leaf.certificate.serialNumber, answer: 'good' },
      { kind: 'ocsp', method: 'POST', serialNumber: leaf.certificate.serialNumber, answer: 'revoked' },
    ]);
  });

  test.for<readonly [string, RevocationServerOptions, string]>([
    ['unavailable', { ocsp: 'unavailable' }, 'code=503'],
    ['garbage', { ocsp: 'garbage' }, 'Error querying OCSP responder'],
    ['"try later"', { ocsp: 'try-later' }, 'Responder Error: trylater (3)'],
    ['stale', { ocsp: { nextUpdate: yesterday } }, 'WARNING: Status times invalid.'],
  ])('hears an answer that is %s', async ([, options, words]) => {
    const { pki, leaf } = publishing();
    await using revocation = await startRevocationServer(pki, options);

    const { stdout, stderr } = await askOverHttp(pki, leaf, revocation);

    expect(stdout + stderr).toContain(words);
    expect(revocation.requests).toHaveLength(1);
  });

  async function askOverHttp(pki: Pki, leaf: Identity, { ocspUrl }: RevocationServer): Promise<Answer> {
    const files = [
      '-issuer',
      folder.write('issuer.pem', pki.issuer.certificatePem),
      '-cert',
      folder.write('leaf.pem', leaf.certificatePem),
    ];
    return run('openssl', ['ocsp', ...files, '-CAfile', folder.write('anchors.pem', pki.anchors), '-url', ocspUrl]);
  }
});

describeWith('openssl')('openssl verify -crl_download', () => {
  test('fetches the CRL that the certificate names', async () => {
    const pki = createPki();
    await using revocation = await startRevocationServer(pki);
    const leaf = pki.server({ crlDistributionPoints: revocation.crlUrl(pki.issuer) });

    const before = await verify(pki, leaf, ['-crl_check']);
    pki.issuer.revoke(leaf);
    const after = await verify(pki, leaf, ['-crl_check']);

    expect(before).toBe('OK');
    expect(after).toBe('error 23 at 0 depth lookup: certificate revoked');
    expect(revocation.requests).toMatchObject([
      { kind: 'crl', authority: pki.issuer.name, answer: 'served' },
      { kind: 'crl', authority: pki.issuer.name, answer: 'served' },
    ]);
  });

  test('fetches the CRL of the root for an intermediate, and that of the intermediate for its leaf', async () => {
    const pki = createPki();
    await using revocation = await startRevocationServer(pki);
    const intermediate = pki.root.issueAuthority({ crlDistributionPoints: revocation.crlUrl(pki.root) });
    const leaf = intermediate.issue({ crlDistributionPoints: revocation.crlUrl(intermediate) });
    expect([await verify(pki, intermediate, ['-crl_check']), await verify(pki, leaf, ['-crl_check'])]).toEqual(['OK', 'OK']);

    pki.root.revoke(intermediate);
    intermediate.revoke(leaf);

    const revoked = 'error 23 at 0 depth lookup: certificate revoked';
    expect([await verify(pki, intermediate, ['-crl_check']), await verify(pki, leaf, ['-crl_check'])]).toEqual([revoked, revoked]);
    expect(revocation.requests.map(({ authority }) => authority)).toEqual([
      pki.root.name,
      intermediate.name,
      pki.root.name,
      intermediate.name,
    ]);
  });

  test.for<readonly [string, RevocationServerOptions, string]>([
    ['stale', { crl: { nextUpdate: yesterday } }, 'error 12 at 0 depth lookup: CRL has expired'],
    ['unavailable', { crl: 'unavailable' }, 'error 3 at 0 depth lookup: unable to get certificate CRL'],
    ['garbage', { crl: 'garbage' }, 'error 3 at 0 depth lookup: unable to get certificate CRL'],
  ])('refuses the leaf where the CRL is %s', async ([, options, reason]) => {
    const pki = createPki();
    await using revocation = await startRevocationServer(pki, options);
    const leaf = pki.server({ crlDistributionPoints: revocation.crlUrl(pki.issuer) });

    expect(await verify(pki, leaf, ['-crl_check'])).toBe(reason);
    expect(await verify(pki, leaf, [])).toBe('OK');
    expect(revocation.requests).toMatchObject([{ kind: 'crl' }]);
  });

  test('refuses the leaf where its URL leads to the CRL of another authority', async () => {
    const pki = createPki();
    await using revocation = await startRevocationServer(pki);
    const leaf = pki.server({ crlDistributionPoints: revocation.crlUrl(createPki({ name: pki.name }).issuer) });

    expect(await verify(pki, leaf, ['-crl_check'])).toBe('error 3 at 0 depth lookup: unable to get certificate CRL');
    expect(revocation.requests).toMatchObject([{ kind: 'crl', authority: pki.issuer.name, answer: 'served' }]);
  });

  async function verify(pki: Pki, leaf: Identity | Authority, checks: readonly string[]): Promise<string> {
    const files = ['-CAfile', folder.write('anchors.pem', pki.anchors), '-untrusted', folder.write('chain.pem', leaf.chainPem)];
    const args = ['-no-CApath', '-no-CAstore', ...checks, ...(checks.length === 0 ? [] : ['-crl_download']), ...files];
    const { status, stderr } = await run('openssl', ['verify', ...args, folder.write('leaf.pem', leaf.certificatePem)]);
    return status === 0 ? 'OK' : (/^error \d.*/mu.exec(stderr)?.[0] ?? stderr);
  }
});

describeWith('openssl')('curl and openssl', () => {
  test('fetch the issuer’s certificate and the CRL as DER', async () => {
    const pki = createPki();
    pki.issuer.revoke(0xabcn);
    await using revocation = await startRevocationServer(pki);
    const fetched = async (url: string) => {
      const file = folder.write('fetched.der', '');
      await outputOf('curl', ['-sS', '--fail', '-o', file, url]);
      return file;
    };

    const certificate = ['x509', '-inform', 'DER', '-in', await fetched(revocation.caIssuersUrl(pki.issuer))];
    expect(await outputOf('openssl', [...certificate, '-noout', '-fingerprint', '-sha256'])).toContain(
      pki.issuer.certificate.fingerprint256,
    );
    const crl = ['crl', '-inform', 'DER', '-in', await fetched(revocation.crlUrl(pki.issuer))];
    const issuer = folder.write('issuer.pem', pki.issuer.certificatePem);
    const { stdout, stderr } = await run('openssl', [...crl, '-noout', '-text', '-verify', '-CAfile', issuer]);
    expect(stderr).toContain('verify OK');
    expect(stdout).toContain('Serial Number: 0ABC');
  });
});

describeWith('certtool')('ocsptool --ask', () => {
  test('asks the responder that the certificate names, with a nonce', async () => {
    const pki = createPki();
    await using revocation = await startRevocationServer(pki);
    const leaf = pki.server({ ocsp: revocation.ocspUrl });
    const files = {
      cert: folder.write('leaf.pem', leaf.certificatePem),
      issuer: folder.write('issuer.pem', pki.issuer.certificatePem),
    };
    const ask = async () => {
      const args = ['--load-cert', files.cert, '--load-issuer', files.issuer, '--load-signer', files.issuer];
      const { stdout } = await run('ocsptool', ['--ask', '--nonce', ...args]);
      return [
        /Certificate Status: (.*)/u.exec(stdout)?.[1],
        /Nonce: \w{20,}/u.test(stdout),
        /Verifying OCSP Response: (.*)/u.exec(stdout)?.[1]?.trim(),
      ];
    };

    expect(await ask()).toEqual(['good', true, 'Success.']);
    pki.issuer.revoke(leaf);
    expect(await ask()).toEqual(['revoked', true, 'Success.']);
    expect(revocation.requests.map(({ answer }) => answer)).toEqual(['good', 'revoked']);
  });
});

describeWith('certtool')('gnutls-cli --ocsp', () => {
  test('asks about a server’s certificate, and leaves when it is revoked', async () => {
    const { pki, anchors } = publishing();
    await using revocation = await startRevocationServer(pki);
    const identity = pki.server({ ocsp: revocation.ocspUrl });
    await using server = await startHttpsServer((_request, response) => void response.end('hello'), { identity, clientAuth: 'none' });

    expect(await askGnutls(server, { anchors, ocsp: true })).toBe('accepts');
    pki.issuer.revoke(identity);
    expect(await askGnutls(server, { anchors, ocsp: true })).toContain('*** Certificate was revoked at');
    expect(revocation.requests.map(({ answer }) => answer)).toEqual(['good', 'revoked']);
  });
});

describeWith('java')('Java', () => {
  test('asks the responder by GET where there is no staple, and fetches the CRL where it is told to prefer it', async () => {
    const { pki, anchors } = publishing();
    await using revocation = await startRevocationServer(pki);
    const [good, revoked, listed] = ['good', 'revoked', 'listed'].map((commonName) => {
      const [ocsp, crlDistributionPoints] = [revocation.ocspUrl, revocation.crlUrl(pki.issuer)];
      return pki.server({ commonName, ocsp, crlDistributionPoints });
    });
    if (!good || !revoked || !listed) throw new Error('three servers');
    pki.issuer.revoke(revoked, 'keyCompromise');
    pki.issuer.revoke(listed, 'superseded');

    const verdicts = await judge(
      [
        [good, 'ocsp'],
        [revoked, 'ocsp'],
        [good, 'crl'],
        [listed, 'crl'],
      ],
      anchors,
    );

    expect(verdicts).toEqual([
      'accepts',
      expect.stringContaining('Certificate has been revoked, reason: KEY_COMPROMISE'),
      'accepts',
      expect.stringContaining('Certificate has been revoked, reason: SUPERSEDED'),
    ]);
    expect(revocation.requests.map(({ kind, method, serialNumber, answer }) => [kind, method, serialNumber, answer])).toEqual([
      ['ocsp', 'GET', good.certificate.serialNumber, 'good'],
      ['ocsp', 'GET', revoked.certificate.serialNumber, 'revoked'],
      ['crl', 'GET', undefined, 'served'], // and keeps it for the last one
    ]);
  });

  test.for<readonly [string, RevocationServerOptions, string]>([
    ['unavailable', { ocsp: 'unavailable' }, 'Received HTTP error: 503'],
    ['garbage', { ocsp: 'garbage' }, 'java.io'],
    ['"try later"', { ocsp: 'try-later' }, 'OCSP response error: TRY_LATER'],
    ['"unknown"', { ocsp: { status: 'unknown' } }, "Certificate's revocation status is unknown"],
  ])('refuses where the answer is %s', async ([, options, reason]) => {
    const { pki, anchors } = publishing();
    await using wrong = await startRevocationServer(pki, options);
    await using right = await startRevocationServer(pki);

    const verdicts = await judge(
      [
        [pki.server({ ocsp: wrong.ocspUrl }), 'ocsp'],
        [pki.server({ ocsp: right.ocspUrl }), 'ocsp'],
      ],
      anchors,
    );

    expect(verdicts).toEqual([expect.stringContaining(reason), 'accepts']);
    expect(wrong.requests.length).toBeGreaterThan(0);
  });

  async function judge(calls: readonly (readonly [Identity, JavaCall['source']])[], anchors: string): Promise<ClientVerdict[]> {
    const servers = await Promise.all(
      calls.map(([identity]) => startHttpsServer((_request, response) => void response.end('hello'), { identity, clientAuth: 'none' })),
    );
    const verdicts = await askJava(
      servers.map((server, index) => ({ server, source: calls[index]?.[1] ?? 'ocsp' })),
      { anchors },
    );
    await Promise.all(servers.map((server) => server.close()));
    return verdicts;
  }
});

function publishing(): { readonly pki: Pki; readonly leaf: Identity; readonly anchors: string } {
  const pki = createPki();
  return { pki, leaf: pki.server(), anchors: folder.write(`${pki.name}.pem`, pki.anchors) };
}
