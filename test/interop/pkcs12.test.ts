import { createPrivateKey } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { createPki, type Identity, type KeyAlgorithm } from '../../src/index.ts';
import { type Answer, describeWith, outputOf, run } from './judges.ts';
import { type TemporaryFolder, temporaryFolder } from './temporary-folder.ts';

const algorithms: readonly KeyAlgorithm[] = ['ec-p256', 'ec-p384', 'ec-p521', 'ed25519', 'rsa-2048', 'rsa-pss-2048'];
/** NSS has no Ed25519: it refuses the key in a file of OpenSSL's too, "Error attempting to import private key" (measured on NSS 3.87). */
const nssAlgorithms: readonly KeyAlgorithm[] = algorithms.filter((algorithm) => algorithm !== 'ed25519');

const asciiPasswords = [
  ['ASCII', 'correct "horse" \\ $HOME'],
  ['no characters at all', ''],
  ['more than one block of the hash', 'p'.repeat(150)],
] as const;

const passwords = [...asciiPasswords, ['several alphabets and an emoji', 'Zürich-Пароль-密码-🔐']] as const;

describeWith('openssl')('a PKCS#12 file, opened by openssl', () => {
  test.for(algorithms)('has the key of %s and its chain', async (keyAlgorithm) => {
    using folder = temporaryFolder();
    const identity = createPki({ keyAlgorithm, intermediates: 2 }).client('alice');

    const text = await outputOf('openssl', openWithOpenssl(folder.write('identity.p12', identity.pkcs12('secret')), 'secret'));

    expect(contentOf(text)).toEqual(contentOf(identity));
    expect(text).toContain('friendlyName: alice');
  });

  test.for(passwords)('opens with a password of %s, and with no other', async ([, password]) => {
    using folder = temporaryFolder();
    const identity = createPki().client('alice');
    const file = folder.write('identity.p12', identity.pkcs12(password));

    expect(contentOf(await outputOf('openssl', openWithOpenssl(file, password)))).toEqual(contentOf(identity));
    expect(await run('openssl', openWithOpenssl(file, `${password}x`))).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('invalid password'),
    });
  });
});

describeWith('certtool')('a PKCS#12 file, opened by certtool', () => {
  test.for(passwords)('opens with a password of %s, and with no other', async ([, password]) => {
    using folder = temporaryFolder();
    const file = folder.write('identity.p12', createPki().client('alice').pkcs12(password));
    const open = (attempt: string): readonly string[] => ['--p12-info', '--inder', '--infile', file, '--password', attempt];

    expect((await outputOf('certtool', open(password))).match(/BEGIN [A-Z ]+/gu)).toEqual([
      'BEGIN CERTIFICATE',
      'BEGIN CERTIFICATE',
      'BEGIN ENCRYPTED PRIVATE KEY',
    ]);
    expect(await run('certtool', open(`${password}x`))).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('Message Authentication Code verification failed'),
    });
  });
});

describeWith('keytool')('a PKCS#12 file, opened by keytool', () => {
  test.for(algorithms)('has one entry with the key of %s and its chain', async (keyAlgorithm) => {
    using folder = temporaryFolder();
    const identity = createPki({ keyAlgorithm, intermediates: 2 }).client('alice');

    const listing = await outputOf('keytool', listWithKeytool(folder.write('identity.p12', identity.pkcs12('secret')), 'secret'));

    expect(listing).toContain('Your keystore contains 1 entry');
    expect(listing).toContain('Alias name: alice');
    expect(listing).toContain('Entry type: PrivateKeyEntry');
    expect(listing).toContain('Certificate chain length: 3');
    expect(/SHA256: (\S+)/u.exec(listing)?.[1]).toBe(identity.certificate.fingerprint256);
  });

  // Java cannot derive PBES2 keys from anything but ASCII, not even for its own files: "Password is not ASCII".
  test.for(asciiPasswords)('opens with a password of %s, and with no other', async ([, password]) => {
    using folder = temporaryFolder();
    const file = folder.write('identity.p12', createPki().client('alice').pkcs12(password));

    expect(await outputOf('keytool', listWithKeytool(file, password))).toContain('Certificate chain length: 2');
    expect(await run('keytool', listWithKeytool(file, `${password}x`))).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('keystore password was incorrect'),
    });
  });
});

describeWith('keytool')('a copy by keytool of a PKCS#12 file', () => {
  describeWith('openssl')('opened by openssl', () => {
    test.for(algorithms)('has the key of %s and its chain: Java read both', async (keyAlgorithm) => {
      using folder = temporaryFolder();
      const identity = createPki({ keyAlgorithm, intermediates: 2 }).client('alice');
      const file = folder.write('identity.p12', identity.pkcs12('secret'));
      const copy = path.join(folder.path, 'copy.p12');

      const from = ['-srcstoretype', 'PKCS12', '-srckeystore', file, '-srcstorepass', 'secret'];
      await outputOf('keytool', [
        '-importkeystore',
        '-noprompt',
        ...from,
        '-deststoretype',
        'PKCS12',
        '-destkeystore',
        copy,
        '-deststorepass',
        'another',
      ]);

      expect(contentOf(await outputOf('openssl', openWithOpenssl(copy, 'another')))).toEqual(contentOf(identity));
    });
  });
});

describeWith('nss')('a PKCS#12 file, imported by pk12util into a fresh database of NSS', () => {
  test.for(nssAlgorithms)('brings the key of %s and its chain, which NSS verifies', async (keyAlgorithm) => {
    using folder = temporaryFolder();
    const pki = createPki({ keyAlgorithm, intermediates: 2 });
    const { database, output } = await importIntoNss(folder, { file: pki.client('alice').pkcs12('secret'), password: 'secret' });
    const root = folder.write('root.pem', pki.anchors);

    expect(output).toMatchObject({ status: 0, stdout: expect.stringContaining('PKCS12 IMPORT SUCCESSFUL') });
    expect((await outputOf('certutil', ['-K', ...database])).match(/^< \d+> .*$/gmu)).toEqual([expect.stringMatching(/ alice$/u)]);
    const listing = await outputOf('certutil', ['-L', ...database]);
    expect(
      listing
        .match(/^.*\S(?= +[a-zA-Z]*,[a-zA-Z]*,[a-zA-Z]* *$)/gmu)
        ?.map((line) => line.trim())
        .toSorted(),
    ).toEqual(['alice', ...[2, 1].map((level) => `${pki.name} issuing CA ${level} - mtls-fixtures`)].toSorted());
    const verify = ['-V', '-u', 'C', '-n', 'alice', ...database]; // C: as a client of TLS
    expect(await run('certutil', verify)).toMatchObject({ stdout: expect.stringContaining('issuer is not recognized') });
    await outputOf('certutil', ['-A', '-n', 'root', '-t', 'CT,,', '-i', root, ...database]); // trusted to vouch for clients and servers
    expect(await outputOf('certutil', verify)).toContain('certificate is valid');
  });

  test.for(passwords)('opens with a password of %s, and with no other', async ([, password]) => {
    using folder = temporaryFolder();
    const file = createPki().client('alice').pkcs12(password);

    const refused = await importIntoNss(folder, { file, password: `${password}x` });
    const keysAfterwards = await run('certutil', ['-K', ...refused.database]);
    const opened = await importIntoNss(folder, { file, password });

    expect(refused.output.status).not.toBe(0);
    expect(refused.output.stdout + refused.output.stderr).toContain('SEC_ERROR_BAD_PASSWORD');
    expect(keysAfterwards.stdout + keysAfterwards.stderr).toContain('no keys found');
    expect(opened.output).toMatchObject({ status: 0, stdout: expect.stringContaining('PKCS12 IMPORT SUCCESSFUL') });
    expect(await outputOf('certutil', ['-K', ...opened.database])).toMatch(/ alice$/mu);
  });
});

describeWith('nss')('a copy by pk12util of a PKCS#12 file', () => {
  describeWith('openssl')('opened by openssl', () => {
    test.for(nssAlgorithms)('has the key of %s and its chain: NSS read both', async (keyAlgorithm) => {
      using folder = temporaryFolder();
      const identity = createPki({ keyAlgorithm, intermediates: 2 }).client('alice');
      const { database } = await importIntoNss(folder, { file: identity.pkcs12('secret'), password: 'secret' });
      const copy = path.join(folder.path, 'copy.p12');

      await outputOf('pk12util', ['-o', copy, '-n', 'alice', '-W', 'another', ...database]);

      const { keys, certificates } = contentOf(await outputOf('openssl', openWithOpenssl(copy, 'another')));
      expect(keys).toEqual(contentOf(identity).keys);
      expect(certificates.toSorted()).toEqual(contentOf(identity).certificates.toSorted());
    });
  });
});

async function importIntoNss(
  folder: TemporaryFolder,
  { file, password }: { readonly file: Uint8Array; readonly password: string },
): Promise<{ readonly database: readonly string[]; readonly output: Answer }> {
  const database = ['-d', `sql:${mkdtempSync(path.join(folder.path, 'nss-'))}`];
  await outputOf('certutil', ['-N', '--empty-password', ...database]);
  return { database, output: await run('pk12util', ['-i', folder.write('identity.p12', file), '-W', password, ...database]) };
}

function openWithOpenssl(file: string, password: string): readonly string[] {
  return ['pkcs12', '-in', file, '-passin', `pass:${password}`, '-nodes'];
}

function listWithKeytool(file: string, password: string): readonly string[] {
  return ['-list', '-v', '-storetype', 'PKCS12', '-keystore', file, '-storepass', password];
}

/** The keys (openssl writes the PEM of some its own way) and the certificates that openssl printed, or that an identity has. */
function contentOf(source: string | Identity): { readonly keys: readonly unknown[]; readonly certificates: readonly string[] } {
  const text = typeof source === 'string' ? source : source.keyPem + source.chainPem;
  const blocks = text.match(/-----BEGIN ([A-Z ]+)-----.*?-----END \1-----\n/gsu) ?? [];
  return {
    keys: blocks
      .filter((block) => block.includes(' PRIVATE KEY'))
      .map((key) => createPrivateKey(key).export({ format: 'der', type: 'pkcs8' }).toString('hex')),
    certificates: blocks.filter((block) => block.includes(' CERTIFICATE')),
  };
}
