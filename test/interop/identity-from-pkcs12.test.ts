import { mkdtempSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { createPki, identityFromPkcs12, type Identity, type KeyAlgorithm } from '../../src/index.ts';
import { describeWith, outputOf, run } from './judges.ts';
import { type TemporaryFolder, temporaryFolder } from './temporary-folder.ts';

const pki = createPki({ name: 'others', intermediates: 2 });
const algorithms: readonly KeyAlgorithm[] = ['ec-p256', 'rsa-2048', 'ed25519'];
/** NSS imports no key of Ed25519 (measured on NSS 3.87). */
const nssAlgorithms: readonly KeyAlgorithm[] = ['ec-p256', 'rsa-2048'];
const refusal = (code: string) => expect.objectContaining({ code });

describeWith('openssl')('a PKCS#12 file of openssl', () => {
  const aes = ['-certpbe', 'AES-128-CBC', '-keypbe', 'AES-192-CBC', '-macalg', 'sha512'];
  const old = ['-certpbe', 'PBE-SHA1-3DES', '-keypbe', 'PBE-SHA1-3DES', '-macalg', 'sha1'];

  test.for<readonly [string, readonly string[]]>([
    ['as usual', []],
    ['of AES with shorter keys and SHA-512', aes],
    ['of 3DES and SHA-1', old],
    ['of 3DES with two keys', ['-certpbe', 'PBE-SHA1-2DES', '-keypbe', 'PBE-SHA1-2DES', '-macalg', 'sha1']],
    ['of 3DES under PBKDF2', ['-certpbe', 'des-ede3-cbc', '-keypbe', 'des-ede3-cbc', '-macalg', 'sha384']],
    ['without encryption', ['-certpbe', 'NONE', '-keypbe', 'NONE']],
    ['without iterations', ['-noiter', '-nomaciter']],
    ['of many iterations', ['-iter', '10000']],
  ])('%s is read', async ([, options]) => {
    using folder = temporaryFolder();
    for (const keyAlgorithm of algorithms) {
      const alice = pki.client('alice', { keyAlgorithm });
      const file = await exportByOpenssl(folder, alice, options);

      expect(identityFromPkcs12(file, 'secret')).toMatchObject({ keyPem: alice.keyPem, chainPem: alice.chainPem, anchors: pki.anchors });
      expect(() => identityFromPkcs12(file, 'Secret')).toThrow(refusal('PKCS12_PASSWORD_WRONG'));
    }
  });

  test.for<readonly [string, string, readonly string[]]>([
    ['without a MAC', 'PKCS12_MAC_MISSING', ['-nomac']],
    ['of RC2 with 40 bits', 'PKCS12_ALGORITHM_UNSUPPORTED', ['-legacy']],
    ['without certificates', 'PKCS12_CERTIFICATE_MISSING', ['-nocerts']],
    ['without a key', 'PKCS12_KEY_MISSING', ['-nokeys']],
  ])('%s is refused: %s', async ([, code, options]) => {
    using folder = temporaryFolder();

    const file = await exportByOpenssl(folder, pki.client('alice'), options);

    expect(() => identityFromPkcs12(file, 'secret')).toThrow(refusal(code));
  });

  test.for(['', 'Zürich-密码-🔐'])('with the password "%s" is read', async (password) => {
    using folder = temporaryFolder();
    const alice = pki.client('alice');

    expect(identityFromPkcs12(await exportByOpenssl(folder, alice, [], password), password).keyPem).toBe(alice.keyPem);
  });
});

describeWith('certtool')('a PKCS#12 file of certtool', () => {
  test.for(algorithms)('with a key of %s is read', async (keyAlgorithm) => {
    using folder = temporaryFolder();
    const alice = pki.client('alice', { keyAlgorithm });
    const [key, cert, ca, file] = [
      folder.write('key.pem', alice.keyPem),
      folder.write('cert.pem', alice.certificatePem),
      folder.write('ca.pem', alice.chainPem.slice(alice.certificatePem.length)),
      path.join(folder.path, 'identity.p12'),
    ];
    const given = ['--load-privkey', key, '--load-certificate', cert, '--load-ca-certificate', ca];
    await outputOf('certtool', ['--to-p12', ...given, '--p12-name', 'alice', '--password', 'secret', '--outder', '--outfile', file]);

    expect(identityFromPkcs12(readFileSync(file), 'secret').keyPem).toBe(alice.keyPem);
    expect(() => identityFromPkcs12(readFileSync(file), 'other')).toThrow(refusal('PKCS12_PASSWORD_WRONG'));
  });
});

describeWith('nss')('a PKCS#12 file of pk12util, which is BER', () => {
  test.for(nssAlgorithms)('with a key of %s is read', async (keyAlgorithm) => {
    using folder = temporaryFolder();
    const alice = pki.client('alice', { keyAlgorithm });
    const database = ['-d', `sql:${mkdtempSync(path.join(folder.path, 'nss-'))}`];
    const copy = path.join(folder.path, 'copy.p12');
    await outputOf('certutil', ['-N', '--empty-password', ...database]);
    await outputOf('pk12util', ['-i', folder.write('identity.p12', alice.pkcs12('secret')), '-W', 'secret', ...database]);
    await outputOf('pk12util', ['-o', copy, '-n', 'alice', '-W', 'another', ...database]);

    expect(readFileSync(copy).subarray(0, 2)).toEqual(Buffer.from([0x30, 0x80]));
    expect(identityFromPkcs12(readFileSync(copy), 'another')).toMatchObject({ keyPem: alice.keyPem, chainPem: alice.chainPem });
  });
});

describeWith('keytool')('keytool', () => {
  test('writes a keystore that is read, its trusted certificates as anchors, and two keys are too many', async () => {
    using folder = temporaryFolder();
    const [alice, bob] = [pki.client('alice'), pki.client('bob', { keyAlgorithm: 'rsa-2048' })];
    const store = path.join(folder.path, 'store.p12');
    const into = ['-deststoretype', 'PKCS12', '-destkeystore', store, '-deststorepass', 'secret'];
    const importKeys = async (name: string, identity: Identity): Promise<unknown> => {
      const from = ['-srcstoretype', 'PKCS12', '-srckeystore', folder.write(name, identity.pkcs12('secret')), '-srcstorepass', 'secret'];
      return outputOf('keytool', ['-importkeystore', '-noprompt', ...from, ...into]);
    };
    const root = folder.write('root.pem', createPki({ name: 'other' }).anchors);
    await importKeys('alice.p12', alice);
    await outputOf('keytool', ['-importcert', '-noprompt', '-alias', 'other', '-file', root, '-keystore', store, '-storepass', 'secret']);
    const one = identityFromPkcs12(readFileSync(store), 'secret');
    await importKeys('bob.p12', bob);

    expect(one).toMatchObject({ keyPem: alice.keyPem, chainPem: alice.chainPem, anchors: readFileSync(root, 'utf8') });
    expect(() => identityFromPkcs12(readFileSync(store), 'secret')).toThrow(
      expect.objectContaining({ code: 'PKCS12_SEVERAL_KEYS', facts: { names: expect.arrayContaining(['alice', 'bob']) } }),
    );
  });

  test('lists the trust store of a PKI as one trusted certificate, and opens it with no other password', async () => {
    using folder = temporaryFolder();
    const list = (password: string) => ['-list', '-v', '-storetype', 'PKCS12', '-keystore', store, '-storepass', password];
    const store = folder.write('trust.p12', pki.trustStore('secret'));

    const listing = await outputOf('keytool', list('secret'));

    expect(listing).toContain('Your keystore contains 1 entry');
    expect(listing).toContain('Alias name: others root ca');
    expect(listing).toContain('Entry type: trustedCertEntry');
    expect(/SHA256: (\S+)/u.exec(listing)?.[1]).toBe(pki.root.certificate.fingerprint256);
    expect(await run('keytool', list('other'))).toMatchObject({ status: 1, stdout: expect.stringContaining('password was incorrect') });
  });

  test('does not take a keystore of the same certificate for a trust store', async () => {
    using folder = temporaryFolder();
    const store = folder.write('identity.p12', pki.client().pkcs12('secret'));

    expect(await outputOf('keytool', ['-list', '-storetype', 'PKCS12', '-keystore', store, '-storepass', 'secret'])).not.toContain(
      'trustedCertEntry',
    );
  });
});

describeWith('openssl')('openssl', () => {
  test('reads the trust store of a PKI', async () => {
    using folder = temporaryFolder();
    const store = folder.write('trust.p12', pki.trustStore('secret'));

    expect(await outputOf('openssl', ['pkcs12', '-in', store, '-passin', 'pass:secret', '-nokeys'])).toContain(pki.anchors);
  });
});

async function exportByOpenssl(
  folder: TemporaryFolder,
  identity: Identity,
  options: readonly string[],
  password = 'secret',
): Promise<Buffer> {
  const [key, cert, ca] = [
    folder.write('key.pem', identity.keyPem),
    folder.write('cert.pem', identity.certificatePem),
    folder.write('ca.pem', identity.chainPem.slice(identity.certificatePem.length) + identity.anchors),
  ];
  const file = path.join(folder.path, 'identity.p12');
  const certificates = options.includes('-nocerts') ? [] : ['-certfile', ca];
  const keys = options.includes('-nokeys') ? [] : ['-inkey', key];
  await outputOf('openssl', [
    'pkcs12',
    '-export',
    ...keys,
    '-in',
    options.includes('-nocerts') ? key : cert,
    ...certificates,
    ...options,
    '-name',
    'alice',
    '-passout',
    `pass:${password}`,
    '-out',
    file,
  ]);
  return readFileSync(file);
}
