import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type Authority, createPki, type KeyAlgorithm, type RevocationReason } from '../../src/index.ts';
import { describeWith, outputOf, run } from './judges.ts';
import { type TemporaryFolder, temporaryFolder } from './temporary-folder.ts';

const algorithms: readonly KeyAlgorithm[] = ['ec-p256', 'ec-p384', 'ec-p521', 'ed25519', 'rsa-2048', 'rsa-pss-2048'];
const pki = createPki();
const { root, issuer } = pki;
const leaf = pki.server();
const sibling = root.issueAuthority({ commonName: 'sibling CA' });
const yesterday = new Date(Date.now() - 86_400_000);
const tomorrow = new Date(Date.now() + 86_400_000);
const delegated = issuer.issue({ commonName: 'responder', extendedKeyUsage: ['ocspSigning'] });
const withoutPurpose = issuer.issue({ commonName: 'responder' });

describeWith('openssl')('an OCSP response before openssl', () => {
  test.for(algorithms)('is signed by its issuer with a key of %s', async (keyAlgorithm) => {
    using folder = temporaryFolder();
    const own = createPki({ keyAlgorithm });
    const response = own.issuer.ocspResponse(5n);

    expect(await askOpenssl(folder, response, own.issuer, own.anchors)).toMatchObject({ verification: 'Response verify OK' });
    expect(await askOpenssl(folder, damaged(response), own.issuer, own.anchors)).toMatchObject({ verification: 'Response Verify Failure' });
  });

  test.for([
    ['good', 'good', issuer.ocspResponse(5n), 'Response verify OK', ''],
    ['named by its subject', 'good', issuer.ocspResponse(5n, { responderId: 'name' }), 'Response verify OK', ''],
    ['revoked', 'revoked', issuer.ocspResponse(5n, { status: 'revoked' }), 'Response verify OK', ''],
    ['unknown', 'unknown', issuer.ocspResponse(5n, { status: 'unknown' }), 'Response verify OK', ''],
    ['expired', 'good', issuer.ocspResponse(5n, { nextUpdate: yesterday }), 'Response verify OK', 'WARNING: Status times invalid.'],
    ['of tomorrow', 'good', issuer.ocspResponse(5n, { thisUpdate: tomorrow }), 'Response verify OK', 'WARNING: Status times invalid.'],
    ['by a delegated responder', 'good', issuer.ocspResponse(5n, { responder: delegated }), 'Response verify OK', ''],
    [
      'by a responder without the purpose',
      'good',
      issuer.ocspResponse(5n, { responder: withoutPurpose }),
      'Response Verify Failure',
      'missing ocspsigning usage',
    ],
    ['by another authority', 'good', issuer.ocspResponse(5n, { signedBy: sibling }), 'Response Verify Failure', 'root ca not trusted'],
    ['by the root', 'good', issuer.ocspResponse(5n, { signedBy: root }), 'Response Verify Failure', 'root ca not trusted'],
    ['about another certificate', 'ERROR: No Status found.', issuer.ocspResponse(6n), 'Response verify OK', ''],
  ] as const)('that is %s', async ([, status, response, verification, words]) => {
    using folder = temporaryFolder();

    const said = await askOpenssl(folder, response, issuer, pki.anchors);

    expect(said).toMatchObject({ status, verification });
    expect(said.all).toContain(words);
  });

  test.for([
    ['malformedRequest', 'malformedrequest (1)'],
    ['internalError', 'internalerror (2)'],
    ['tryLater', 'trylater (3)'],
    ['sigRequired', 'sigrequired (5)'],
    ['unauthorized', 'unauthorized (6)'],
  ] as const)('of the status %s is an error', async ([responseStatus, words]) => {
    using folder = temporaryFolder();

    const { all } = await askOpenssl(folder, issuer.ocspResponse(5n, { responseStatus }), issuer, pki.anchors);

    expect(all).toContain(`Responder Error: ${words}`);
  });

  test.for<readonly [RevocationReason, string | undefined]>([
    ['unspecified', undefined],
    ['keyCompromise', 'keyCompromise'],
    ['cACompromise', 'cACompromise'],
    ['affiliationChanged', 'affiliationChanged'],
    ['superseded', 'superseded'],
    ['cessationOfOperation', 'cessationOfOperation'],
    ['certificateHold', 'certificateHold'],
  ])('has the reason %s and the date', async ([reason, words]) => {
    using folder = temporaryFolder();
    const own = createPki();
    own.issuer.revoke(5n, { reason, date: new Date('2026-05-04T03:02:01Z') });

    const { all } = await askOpenssl(folder, own.issuer.ocspResponse(5n), own.issuer, own.anchors);

    expect(/Reason: (\w+)/u.exec(all)?.[1]).toBe(words);
    expect(all).toContain('Revocation Time: May  4 03:02:01 2026 GMT');
  });

  test('repeats nonce and CertID of openssl’s own requests, of SHA-1 and SHA-256, about several certificates', async () => {
    using folder = temporaryFolder();
    const issuerFile = folder.write('issuer.pem', issuer.certificatePem);
    const question = ['-issuer', issuerFile, '-serial', '5', '-sha256', '-serial', '6'];
    const request = await writtenBy('openssl', ['ocsp', ...question, '-reqout'], folder);

    const responseFile = folder.write('response.der', issuer.answerOcsp(request));
    const text = await outputOf('openssl', ['ocsp', '-respin', responseFile, '-noverify', '-resp_text']);
    const asked = await outputOf('openssl', ['ocsp', '-reqin', folder.write('request.der', request), '-req_text']);

    const nonceOf = (printed: string): string | undefined => /OCSP Nonce: \n\s+(\w+)/u.exec(printed)?.[1];
    expect(nonceOf(text)).toMatch(/^[0-9A-F]{20,}$/u);
    expect(nonceOf(text)).toBe(nonceOf(asked));
    expect([...text.matchAll(/Hash Algorithm: (\w+)/gu)].map(([, hash]) => hash)).toEqual(['sha1', 'sha256']);
    expect([...text.matchAll(/Serial Number: (\w+)/gu)].map(([, serial]) => serial)).toEqual(['05', '06']);
  });

  test('answers a request that openssl signed', async () => {
    using folder = temporaryFolder();
    const signer = ['-signer', folder.write('client.pem', leaf.certificatePem), '-signkey', folder.write('client.key', leaf.keyPem)];
    const question = ['-issuer', folder.write('issuer.pem', issuer.certificatePem), '-serial', '5'];
    const request = await writtenBy('openssl', ['ocsp', ...question, ...signer, '-reqout'], folder);

    const said = await askOpenssl(folder, issuer.answerOcsp(request), issuer, pki.anchors);

    expect(request.length).toBeGreaterThan(300);
    expect(said).toMatchObject({ status: 'good', verification: 'Response verify OK' });
  });
});

describeWith('certtool')('an OCSP response before ocsptool', () => {
  test.for(algorithms.filter((algorithm) => algorithm !== 'rsa-pss-2048'))(
    'is signed by its issuer with a key of %s',
    async (keyAlgorithm) => {
      using folder = temporaryFolder();
      const own = createPki({ keyAlgorithm });
      const response = own.issuer.ocspResponse(5n);

      expect(await askOcsptool(folder, response, own.issuer)).toBe('Success.');
      expect(await askOcsptool(folder, damaged(response), own.issuer)).toMatch(/^Failure, Signature failure/u);
    },
  );

  test('says the same of serial number, status and dates', async () => {
    using folder = temporaryFolder();
    const own = createPki();
    own.issuer.revoke(0xabcn, { reason: 'keyCompromise', date: new Date('2026-05-04T03:02:01Z') });
    const [thisUpdate, nextUpdate] = [new Date('2026-05-05T00:00:00Z'), new Date('2050-01-01T00:00:00Z')];
    const file = folder.write('response.der', own.issuer.ocspResponse(0xabcn, { thisUpdate, nextUpdate }));

    const text = await outputOf('ocsptool', ['--response-info', '--inder', '--infile', file]);

    expect(text).toContain('Serial Number: 0abc');
    expect(text).toContain('Certificate Status: revoked');
    expect(text).toContain('Revocation time: Mon May 04 03:02:01 UTC 2026');
    expect(text).toContain('This Update: Tue May 05 00:00:00 UTC 2026');
    expect(text).toContain('Next Update: Sat Jan 01 00:00:00 UTC 2050');
  });

  test('its request is understood', async () => {
    using folder = temporaryFolder();
    const files = [
      '--load-cert',
      folder.write('leaf.pem', leaf.certificatePem),
      '--load-issuer',
      folder.write('issuer.pem', issuer.certificatePem),
    ];
    const request = await writtenBy('ocsptool', ['--generate-request', '--outder', ...files, '--outfile'], folder);

    const file = folder.write('response.der', issuer.answerOcsp(request));
    const text = await outputOf('ocsptool', ['--response-info', '--inder', '--infile', file]);

    expect(text).toContain(`Serial Number: ${leaf.certificate.serialNumber.toLowerCase()}`);
    expect(text).toContain('Certificate Status: good');
  });
});

describe('a certificate that must be stapled', () => {
  const { certificatePem } = pki.server({ mustStaple: true });

  describeWith('openssl')('before openssl', () => {
    test('has the TLS feature status_request', async () => {
      expect(await outputOf('openssl', ['x509', '-noout', '-ext', 'tlsfeature'], { input: certificatePem })).toBe(
        'TLS Feature: \n    status_request\n',
      );
    });
  });

  describeWith('certtool')('before certtool', () => {
    test('has the TLS feature 5', async () => {
      const text = await outputOf('certtool', ['--certificate-info'], { input: certificatePem });

      expect(text).toMatch(/TLS Features \(not critical\):\n\s+OCSP Status Request\(5\)/u);
    });
  });
});

interface Said {
  readonly status: string | undefined;
  readonly verification: string | undefined;
  readonly all: string;
}

/** What openssl says of a response about the certificate with the serial number 5. */
async function askOpenssl(folder: TemporaryFolder, response: Uint8Array, authority: Authority, anchors: string): Promise<Said> {
  const files = ['-respin', folder.write('response.der', response), '-issuer', folder.write('issuer.pem', authority.certificatePem)];
  const { stdout, stderr } = await run('openssl', [
    'ocsp',
    ...files,
    '-CAfile',
    folder.write('anchors.pem', anchors),
    '-no-CApath',
    '-no-CAstore',
    '-no_nonce',
    '-serial',
    '5',
  ]);
  const all = `${stdout}${stderr}`;
  return {
    status: /^5: (?:WARNING: .*\n(?:.*error.*\n)*)?(.*)$/mu.exec(all)?.[1],
    verification: /^Response verif.*$/imu.exec(all)?.[0],
    all,
  };
}

async function askOcsptool(folder: TemporaryFolder, response: Uint8Array, { certificatePem }: Authority): Promise<string | undefined> {
  const files = ['--load-signer', folder.write('issuer.pem', certificatePem), '--load-response', folder.write('response.der', response)];
  const { stdout } = await run('ocsptool', ['--verify-response', '--inder', ...files]);
  return /Verifying OCSP Response: (.*)/u.exec(stdout)?.[1]?.trim();
}

/** What a tool writes into the file that is its last argument. */
async function writtenBy(tool: string, args: readonly string[], folder: TemporaryFolder): Promise<Buffer> {
  const file = folder.write('written', '');
  await outputOf(tool, [...args, file]);
  return readFileSync(file);
}

/** With the last bit of the signature changed: in these responses it is the last of all. */
function damaged(response: Buffer): Buffer {
  const copy = Buffer.from(response);
  copy.writeUInt8(copy.readUInt8(copy.length - 1) ^ 1, copy.length - 1);
  return copy;
}
