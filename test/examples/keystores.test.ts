import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import https from 'node:https';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { identityFromPem, identityFromPkcs12, restorePki, startHttpsServer, type SerializedPki } from 'mtls-fixtures';
import { expect, test } from 'mtls-fixtures/vitest';
import { describeWith } from '../interop/judges.ts';
import { projectRoot } from '../meta/syntax.ts';
import { openShell } from './shell-block.ts';

const page = 'docs/keystores.md';

test('a PKCS#12 file in Node', async ({ pki }) => {
  await using server = await startHttpsServer((_request, response) => response.end('hello'), { pki });

  // #region pkcs12
  const pfx = pki.client('alice').pkcs12('changeit'); // the key, the certificate and its CA; write it to alice.p12

  const [response] = await once(https.get(server.url, { pfx, passphrase: 'changeit', ca: pki.anchors, agent: false }), 'response');
  // #endregion

  expect(await text(response as NodeJS.ReadableStream)).toBe('hello');
  expect(await server.nextHandshake()).toHaveClientCertificate({ commonName: 'alice' });
});

describeWith('java')('keystores made and read without keytool', { timeout: 120_000 }, () => {
  test('are those of a JVM, and become an identity again', async ({ pki }) => {
    const { cwd } = openShell();
    const file = (name: string): string => path.join(cwd, name);
    await using server = await startHttpsServer((_request, response) => response.end('hello'), { pki });

    // #region java
    writeFileSync(file('alice.p12'), pki.client('alice').pkcs12('changeit'));
    writeFileSync(file('trust.p12'), pki.trustStore('changeit')); // the CA as a trusted certificate, for Java
    // #endregion
    expect(await getWithJava(server.url, { cwd, keyStore: 'alice.p12', trustStore: 'trust.p12' })).toBe('hello');
    expect(await server.nextHandshake()).toHaveClientCertificate({ commonName: 'alice' });

    // #region read
    const alice = identityFromPkcs12(readFileSync(file('alice.p12')), 'changeit');
    await expect(server).toAccept(alice.trusting(pki.anchors));
    // #endregion
  });
});

describeWith('java')('the keystores that the page makes', { timeout: 120_000 }, () => {
  test('work as the settings of a JVM, in both formats, and become PEM again', async () => {
    const shell = openShell();
    const { cwd } = shell;
    const read = (file: string): string => readFileSync(path.join(cwd, file), 'utf8');
    await shell.run(page, '<!-- run by test/examples/keystores.test.ts: stores -->');
    const pki = restorePki(JSON.parse(read('pki/pki.json')) as SerializedPki); // what the command wrote
    await using server = await startHttpsServer((_request, response) => response.end('hello'), { pki });

    for (const [keyStore, trustStore] of [
      ['client.jks', 'trust.p12'],
      ['pki/client/identity.p12', 'trust.jks'],
    ] as const) {
      expect(await getWithJava(server.url, { cwd, keyStore, trustStore })).toBe('hello');
      expect(await server.nextHandshake()).toHaveClientCertificate({ commonName: 'client' });
    }

    await shell.run(page, '<!-- run by test/examples/keystores.test.ts: pem -->');
    const identity = identityFromPem({ key: read('key.pem'), cert: read('cert.pem') }).trusting(pki.anchors);
    await expect(server).toAccept(identity);
  });

  test('do not include one of openssl, of which Java trusts nothing', async ({ pki }) => {
    const { cwd } = openShell();
    writeFileSync(path.join(cwd, 'ca.pem'), pki.anchors);
    const make = ['pkcs12', '-export', '-nokeys', '-in', 'ca.pem', '-out', 'trust.p12', '-passout', 'pass:changeit'];
    await promisify(execFile)('openssl', make, { cwd });
    writeFileSync(path.join(cwd, 'client.p12'), pki.client('alice').pkcs12('changeit'));
    await using server = await startHttpsServer((_request, response) => response.end('hello'), { pki });

    const answer = getWithJava(server.url, { cwd, keyStore: 'client.p12', trustStore: 'trust.p12' });

    await expect(answer).rejects.toMatchObject({ stderr: expect.stringContaining('the trustAnchors parameter must be non-empty') });
  });
});

async function getWithJava(url: string, stores: { cwd: string; keyStore: string; trustStore: string }): Promise<string> {
  const { cwd, keyStore, trustStore } = stores;
  const settings = Object.entries({ keyStore, keyStorePassword: 'changeit', trustStore, trustStorePassword: 'changeit' });
  const options = settings.map(([name, value]) => `-Djavax.net.ssl.${name}=${value}`);
  const program = path.join(projectRoot, 'test/examples/programs/Get.java');
  const { stdout } = await promisify(execFile)('java', ['-XX:TieredStopAtLevel=1', ...options, program, url], { cwd });
  return stdout;
}
