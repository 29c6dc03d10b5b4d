import { createPrivateKey } from 'node:crypto';
import path from 'node:path';
import { expect, test } from 'vitest';
import { createPki, type Identity, type KeyAlgorithm } from '../../src/index.ts';
import { describeWith, outputOf, run } from './judges.ts';
import { temporaryFolder } from './temporary-folder.ts';

const algorithms: readonly KeyAlgorithm[] = ['ec-p256', 'ec-p384', 'ec-p521', 'ed25519', 'rsa-2048', 'rsa-pss-2048'];

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
