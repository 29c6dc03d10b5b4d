import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { attemptHandshake, createPki, type Identity, identityFromPem, startTlsServer } from '../../src/index.ts';
import { describeWith, outputOf } from '../interop/judges.ts';
import { temporaryFolder } from '../interop/temporary-folder.ts';
import { furtherRecipes, mkcertServer, type Recipe, recipes } from './foreign-recipes.ts';
import '../../src/vitest/setup.ts'; // the matchers: this test looks at handshakes, which tests of this layer do not by default

const untrusted = createPki().client('mallory');

for (const [tool, ...all] of recipes) describeWith(tool)(`an identity of ${tool}`, () => testAll(all));

for (const [command, debianPackage, recipe] of furtherRecipes)
  describeIfInstalled(command, debianPackage)(`an identity of ${debianPackage}`, () => testAll([recipe]));

describeIfInstalled('mkcert -version', 'mkcert')('a server certificate of mkcert', () => {
  test('serves, but is not served', async () => {
    const identity = await make(mkcertServer);
    await using server = await startTlsServer({ identity, clientAuth: 'none' });
    await using demanding = await startTlsServer({ identity });

    expect(await attemptHandshake(server, { trust: identity.anchors })).toBeAccepted();
    expect(await attemptHandshake(demanding, { identity })).toBeRejected({
      by: 'server',
      reason: 'INVALID_PURPOSE',
      alert: 'unsupported_certificate',
    });
  });
});

function testAll(all: readonly Recipe[]): void {
  describe.for(all.map(({ title, ...recipe }) => [title, recipe] as const))('%s', ([, recipe]) => {
    let identity: Identity;
    beforeAll(async () => {
      identity = await make(recipe); // tools that compile, or start a Java, take their time
    });

    test('serves, and is served', async () => {
      await using server = await startTlsServer({ identity });

      const handshake = await attemptHandshake(server, { identity });
      const refused = await attemptHandshake(server, { identity: untrusted, trust: identity.anchors });

      expect(handshake).toBeAccepted();
      expect(handshake).toHaveClientCertificate({ fingerprint256: identity.certificate.fingerprint256 });
      expect(handshake).toHaveServerCertificate({ fingerprint256: identity.certificate.fingerprint256 });
      expect(refused).toBeRejected({ by: 'server', reason: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY' });
    });
  });
}

async function make({ commands, passphrase }: Omit<Recipe, 'title'>): Promise<Identity> {
  using folder = temporaryFolder();
  await outputOf('bash', ['-c', `cd '${folder.path}'; set -eo pipefail; ${commands}`]);
  const read = (name: string): string => readFileSync(path.join(folder.path, name), 'utf8');
  return identityFromPem({
    cert: read('cert.pem'),
    key: read('key.pem'),
    ca: read('ca.pem'),
    ...(passphrase !== undefined && { passphrase }),
  });
}

function describeIfInstalled(command: string, debianPackage: string): typeof describe | typeof describe.skip {
  if (spawnSync('sh', ['-c', command]).status === 0) return describe;
  // oxlint-disable-next-line no-console -- a tool that is missing must not pass unnoticed
  console.warn(`"${command}" fails, so nothing of that tool is tried; on Debian: apt-get install ${debianPackage}`);
  return describe.skip;
}
