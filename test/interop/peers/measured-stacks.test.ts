import path from 'node:path';
import { expect, test } from 'vitest';
import { createPki, startTlsServer } from '../../../src/index.ts';
import { runScenario } from '../../../src/scenarios/run/run-scenario.ts';
import type { Stack, TlsVersion } from '../../../src/scenarios/catalogue/scenario.ts';
import type { ScenarioResult } from '../../../src/scenarios/records/scenario-result.ts';
import { clientScenario, serverScenario } from '../../scenarios/scenario.ts';
import { describeWith, java25, newerProgram, outputOf, type Tool } from '../judges.ts';
import { temporaryFolder, type TemporaryFolder } from '../temporary-folder.ts';
import { erlang, nss, perl, php, ruby } from './languages.ts';
import { type Language, sourceOf } from './programs.ts';
import { peerUnderTest } from './under-test.ts';

type Status = 'as-expected' | 'unexpected' | 'unsuitable';

/** The command of a peer program, by way of the folder where it has to be built. */
type Build = (folder: TemporaryFolder) => Promise<readonly [string, ...string[]]>;

/** Some rows of each stack: what it comes to where the stack is named, and where it is not. By what the stacks' own words were, not by the data. */
interface Row {
  readonly role: 'client' | 'server';
  readonly id: string;
  readonly version: TlsVersion;
  readonly named: Status;
  readonly unnamed: Status;
}

const withTypes = process.features.typescript === false ? ['--experimental-strip-types'] : []; // Node 22.12 to 22.17

/** Has it find the programs of Debian sid first. */
const newer =
  (build: Build): Build =>
  async (folder) => ['env', `PATH=${newerProgram('')}:${process.env['PATH']}`, ...(await build(folder))];

const gnutls: Build = () => Promise.resolve([process.execPath, ...withTypes, path.join(sourceOf('gnutls'), 'peer.ts')]);

testStack('gnutls', 'gnutls', gnutls, [
  { role: 'client', id: 'expired-leaf', version: 'TLSv1.3', named: 'as-expected', unnamed: 'as-expected' },
  { role: 'client', id: 'validity-malformed-date', version: 'TLSv1.3', named: 'as-expected', unnamed: 'unexpected' }, // internal_error: its log blames the dates
  { role: 'client', id: 'leaf-not-first', version: 'TLSv1.2', named: 'as-expected', unnamed: 'unexpected' }, // internal_error: it blames the key usage
  { role: 'client', id: 'eku-opposite-role', version: 'TLSv1.3', named: 'unsuitable', unnamed: 'unexpected' }, // gnutls-serv asks for no purpose
  { role: 'server', id: 'expired-leaf', version: 'TLSv1.3', named: 'as-expected', unnamed: 'as-expected' },
  { role: 'server', id: 'duplicate-extension', version: 'TLSv1.3', named: 'as-expected', unnamed: 'unexpected' },
]);

testStack('gnutls-3.8', 'GnuTLS 3.8', newer(gnutls), [
  { role: 'client', id: 'expired-leaf', version: 'TLSv1.3', named: 'as-expected', unnamed: 'as-expected' },
  { role: 'client', id: 'eku-opposite-role', version: 'TLSv1.3', named: 'as-expected', unnamed: 'as-expected' },
  { role: 'client', id: 'intermediate-eku-any', version: 'TLSv1.2', named: 'unsuitable', unnamed: 'unexpected' }, // gnutls-serv asks for the purpose by now
  { role: 'server', id: 'wrong-host', version: 'TLSv1.3', named: 'as-expected', unnamed: 'as-expected' },
]);

/** With classes that another Java has compiled. */
const javaNewer: Build = async (folder) => {
  await outputOf('javac', [
    '-d',
    folder.path,
    path.join(sourceOf('java-client'), 'Client.java'),
    path.join(sourceOf('java-server'), 'Server.java'),
  ]);
  return ['env', `JAVA=${java25} -cp ${folder.path}`, process.execPath, ...withTypes, path.join(sourceOf('java'), 'peer.ts')];
};

testStack('java', 'Java 25', javaNewer, [
  { role: 'client', id: 'expired-leaf', version: 'TLSv1.3', named: 'as-expected', unnamed: 'as-expected' },
  { role: 'client', id: 'trailing-garbage-after-certificate', version: 'TLSv1.3', named: 'unsuitable', unnamed: 'unsuitable' }, // it refuses the signature alone
  { role: 'client', id: 'chain-depth-12', version: 'TLSv1.3', named: 'unsuitable', unnamed: 'unexpected' }, // "exceeds the maximum allowed length"
  { role: 'server', id: 'wrong-host', version: 'TLSv1.2', named: 'as-expected', unnamed: 'as-expected' },
]);

testStack('nss', 'nss-dev', peerOf(nss), [
  { role: 'client', id: 'expired-leaf', version: 'TLSv1.3', named: 'as-expected', unnamed: 'as-expected' },
  { role: 'client', id: 'root-no-keycertsign', version: 'TLSv1.3', named: 'unsuitable', unnamed: 'unexpected' },
  { role: 'client', id: 'unknown-ca', version: 'TLSv1.2', named: 'as-expected', unnamed: 'as-expected' },
  { role: 'server', id: 'wrong-host', version: 'TLSv1.3', named: 'as-expected', unnamed: 'as-expected' },
  { role: 'server', id: 'cn-only', version: 'TLSv1.2', named: 'unsuitable', unnamed: 'unexpected' },
]);

testStack('erlang', 'erlang', peerOf(erlang), [
  { role: 'client', id: 'expired-leaf', version: 'TLSv1.3', named: 'as-expected', unnamed: 'as-expected' },
  { role: 'client', id: 'validity-malformed-date', version: 'TLSv1.3', named: 'as-expected', unnamed: 'unexpected' }, // internal_error in the state wait_cert
  { role: 'client', id: 'intermediate-v1', version: 'TLSv1.2', named: 'unsuitable', unnamed: 'unexpected' }, // it asks no issuer for basicConstraints
  { role: 'server', id: 'wrong-host', version: 'TLSv1.2', named: 'as-expected', unnamed: 'as-expected' },
  { role: 'server', id: 'ip-san-valid', version: 'TLSv1.3', named: 'as-expected', unnamed: 'as-expected' },
]);

const openssl: Build = () => Promise.resolve([process.execPath, ...withTypes, path.join(sourceOf('openssl'), 'peer.ts')]);

testStack('openssl-3.6', 'OpenSSL 3.6', newer(openssl), [
  { role: 'client', id: 'expired-leaf', version: 'TLSv1.3', named: 'as-expected', unnamed: 'as-expected' },
  { role: 'client', id: 'ku-keyagreement-only', version: 'TLSv1.3', named: 'unsuitable', unnamed: 'unexpected' },
  { role: 'server', id: 'wrong-host', version: 'TLSv1.2', named: 'as-expected', unnamed: 'as-expected' },
]);

testStack('openssl', 'openssl', openssl, [
  { role: 'client', id: 'expired-leaf', version: 'TLSv1.3', named: 'as-expected', unnamed: 'as-expected' },
  { role: 'client', id: 'ku-keyagreement-only', version: 'TLSv1.3', named: 'unsuitable', unnamed: 'unexpected' },
  { role: 'client', id: 'crl-revoked-leaf', version: 'TLSv1.2', named: 'as-expected', unnamed: 'as-expected' },
  { role: 'server', id: 'wrong-host', version: 'TLSv1.3', named: 'as-expected', unnamed: 'as-expected' },
]);

testStack('php', 'php', peerOf(php), [
  { role: 'client', id: 'expired-leaf', version: 'TLSv1.3', named: 'as-expected', unnamed: 'as-expected' },
  { role: 'client', id: 'chain-depth-12', version: 'TLSv1.3', named: 'unsuitable', unnamed: 'unexpected' }, // its verify_depth is 9
  { role: 'server', id: 'unknown-ca', version: 'TLSv1.2', named: 'as-expected', unnamed: 'as-expected' },
  { role: 'server', id: 'wrong-host', version: 'TLSv1.3', named: 'as-expected', unnamed: 'as-expected' },
]);

testStack('ruby', 'ruby', peerOf(ruby), [
  { role: 'client', id: 'expired-leaf', version: 'TLSv1.3', named: 'as-expected', unnamed: 'as-expected' },
  { role: 'client', id: 'crl-revoked-leaf', version: 'TLSv1.2', named: 'as-expected', unnamed: 'as-expected' },
  { role: 'server', id: 'wrong-host', version: 'TLSv1.3', named: 'as-expected', unnamed: 'as-expected' },
  { role: 'server', id: 'host-case-insensitive', version: 'TLSv1.3', named: 'unsuitable', unnamed: 'unexpected' }, // it compares names of one label as they are
  { role: 'server', id: 'cn-only', version: 'TLSv1.2', named: 'unsuitable', unnamed: 'unexpected' },
]);

testStack('perl', 'perl', peerOf(perl), [
  { role: 'client', id: 'expired-leaf', version: 'TLSv1.3', named: 'as-expected', unnamed: 'as-expected' },
  { role: 'client', id: 'crl-revoked-leaf', version: 'TLSv1.2', named: 'as-expected', unnamed: 'as-expected' },
  { role: 'client', id: 'crl-revoked-intermediate', version: 'TLSv1.3', named: 'unsuitable', unnamed: 'unexpected' }, // SSL_check_crl looks at the leaf alone
  { role: 'server', id: 'wrong-host', version: 'TLSv1.3', named: 'as-expected', unnamed: 'unexpected' }, // internal_error: "hostname verification failed"
  { role: 'server', id: 'unknown-ca', version: 'TLSv1.2', named: 'as-expected', unnamed: 'as-expected' },
]);

/** The one program of a language that is client and server, without the name of either. */
function peerOf({ command }: Language): Build {
  return async (folder) => {
    const [tool, ...args] = await command('server', folder);
    return [tool, ...args.slice(0, -1)];
  };
}

function testStack(stack: Stack, tool: Tool, build: Build, rows: readonly Row[]): void {
  describeWith(tool)(`the catalogue with ${stack}`, () => {
    test.for(rows)(
      '$role credential $id over $version: $named where the stack is named, $unnamed where it is not',
      { timeout: 120_000 },
      async (row) => {
        using folder = temporaryFolder();
        const { start, call } = peerUnderTest(await build(folder), row.version, folder);
        const settings = { pki: createPki({ name: 'peers' }), version: row.version, timeout: 30_000 }; // four round trips with a JVM that has just started are seconds
        const run = (more: { readonly stack?: Stack; readonly controlled?: boolean }): Promise<ScenarioResult> =>
          row.role === 'client'
            ? runScenario(clientScenario(row.id), { ...settings, ...more, target: { start } })
            : runScenario(serverScenario(row.id), { ...settings, ...more, target: call, startPeer: startTlsServer });

        const named = await run({ stack });
        const unnamed = await run({ controlled: true }); // the valid one passed a moment ago

        expect(statusOf(named), named.message).toBe(row.named);
        expect(statusOf(unnamed), unnamed.message).toBe(row.unnamed);
      },
    );
  });
}

function statusOf({ status, unsuitable }: ScenarioResult): string {
  return unsuitable ? 'unsuitable' : status;
}
