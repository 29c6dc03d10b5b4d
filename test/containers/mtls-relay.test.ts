import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { GenericContainer, type StartedTestContainer, Wait } from 'testcontainers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MtlsRelay, type StartedMtlsRelay } from '../../src/containers/mtls-relay.ts';
import { withMtls } from '../../src/containers/with-mtls.ts';
import { createPki } from '../../src/pki/pki.ts';
import type { Identity } from '../../src/pki/identity.ts';
import { temporaryFolder } from '../interop/temporary-folder.ts';
import { imageOf, lacksImages } from './images.ts';

const pki = createPki();
const expired = pki.client('old', { notAfter: new Date(0) });

test.for([
  ['a target that has not started', () => new MtlsRelay(Object({})), 'target'],
  ['a port that is none', () => new MtlsRelay(started).withTargetPort(0), 'targetPort'],
  ['an empty name', () => new MtlsRelay(started).withNames(''), 'names'],
  ['an empty file name', () => new MtlsRelay(started).withKeyLog(''), 'keyLogFile'],
  ['an address', () => new MtlsRelay(started).withOptions(Object({ host: '0.0.0.0' })), 'MtlsRelay option'],
  ['a name that is misspelled', () => new MtlsRelay(started).withOptions(Object({ starttsl: true })), 'MtlsRelay option'],
  [
    'a fault that does not exist',
    () => new MtlsRelay(started).withOptions({ faults: { client: Object({ delya: 1 }) } }),
    'fault of a direction',
  ],
] as const)('%s is refused by the call that brought it', ([, call, option]) => {
  expect(call).toThrow(expect.objectContaining({ code: 'OPTION_INVALID', facts: expect.objectContaining({ option }) }));
});

test('a port that the target does not publish, and none, are refused before an engine is looked for', async () => {
  const published = new MtlsRelay(started).withTargetPort(5433).start();
  const none = new MtlsRelay(started).start();

  await expect(published).rejects.toMatchObject({ code: 'OPTION_INVALID', message: expect.stringContaining('withExposedPorts') });
  await expect(none).rejects.toMatchObject({ code: 'OPTION_INVALID', message: expect.stringContaining('withTargetPort') });
});

describe.skipIf(await lacksImages(['nginx', 'postgres']))('between curl and openssl s_server, each in its container', () => {
  let server: StartedTestContainer;

  beforeAll(async () => {
    server = await startServer();
  });

  afterAll(async () => {
    await server.stop();
  });

  test('with a key log the verdict has side, alert and both certificates', async () => {
    await using relay = await new MtlsRelay(server).withTargetPort(port).withKeyLog().start();

    const answers = [await curl(relay, pki.client('worker')), await curl(relay, expired)];
    const [control, handshake] = [await relay.nextHandshake(), await relay.nextHandshake()];

    expect(answers).toEqual([expect.stringContaining('HTTP/1.0 200'), expect.stringContaining('certificate')]);
    expect(control).toMatchObject({ verdict: 'accepted', evidence: 'decrypted', protocol: 'TLSv1.3', servername: 'host.docker.internal' });
    expect(control.clientCertificate?.commonName).toBe('worker');
    expect(handshake).toMatchObject({
      verdict: 'rejected',
      rejectedBy: 'server',
      alert: { name: 'certificate_expired', sentBy: 'server' },
    });
    expect(handshake).toMatchObject({ clientCertificate: { commonName: 'old' }, serverCertificate: { commonName: 'server' } });
    expect(relay.problems).toEqual([]);
  });

  test('a client that rejects the server is told from one that is rejected', async () => {
    await using relay = await new MtlsRelay(server).withTargetPort(port).withKeyLog().start();

    await curl(relay, pki.client('worker'), { trust: createPki().anchors });

    expect(await relay.nextHandshake()).toMatchObject({
      verdict: 'rejected',
      rejectedBy: 'client',
      alert: { name: 'unknown_ca', sentBy: 'client' },
    });
  });

  test('without a key log the verdict follows from the records, in TLS 1.2 from what is in the clear', async () => {
    await using relay = await new MtlsRelay(server).withTargetPort(port).start();

    await curl(relay, pki.client('worker'));
    await curl(relay, expired);
    await curl(relay, expired, { args: ['--tls-max', '1.2'] });
    const handshakes = [await relay.nextHandshake(), await relay.nextHandshake(), await relay.nextHandshake()];

    expect(handshakes).toMatchObject([
      { verdict: 'accepted', evidence: 'record-shape' },
      { verdict: 'rejected', rejectedBy: 'server', evidence: 'record-shape' },
      { verdict: 'rejected', rejectedBy: 'server', alert: { name: 'certificate_expired' }, clientCertificate: { commonName: 'old' } },
    ]);
    expect(handshakes[1]?.alert).toBeUndefined();
    expect(relay).toMatchObject({ keyLogFile: undefined, keyLogMounts: [], keyLogEnvironment: {} });
  });

  test('a client that is configured for the name of the server reaches the relay by it', async () => {
    await using relay = await new MtlsRelay(server).withTargetPort(port).withNames('server').start();

    const answer = await curl(relay, pki.client('worker'), { host: 'server' });

    expect(answer).toContain('HTTP/1.0 200');
    expect(await relay.nextHandshake()).toMatchObject({ verdict: 'accepted', servername: 'server' });
  });

  test('a key log that is named is kept, and a temporary one is removed', async () => {
    using folder = temporaryFolder();
    const named = `${folder.path}/keys.txt`;
    const relays = [
      await new MtlsRelay(server).withTargetPort(port).withKeyLog(named).start(),
      await new MtlsRelay(server).withTargetPort(port).withKeyLog().start(),
    ];
    for (const relay of relays) await curl(relay, pki.client('worker'));
    const [kept, temporary] = relays.map(({ keyLogFile = '' }) => keyLogFile);

    for (const relay of relays) await relay.stop();

    expect(kept).toBe(named);
    expect(readFileSync(named, 'utf8')).toMatch(/^CLIENT_TRAFFIC_SECRET_0 [\da-f]{64} /mu);
    expect([existsSync(named), existsSync(String(temporary))]).toEqual([true, false]);
  });

  test('a port that is taken leaves nothing behind', async () => {
    await using first = await new MtlsRelay(server).withTargetPort(port).start();
    using folder = temporaryFolder();
    const before = process.env['TMPDIR'];
    process.env['TMPDIR'] = folder.path;

    const second = new MtlsRelay(server).withTargetPort(port).withKeyLog().withOptions({ port: first.getPort() }).start();

    await expect(second).rejects.toMatchObject({ code: 'PORT_IN_USE' });
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
    expect(readdirSync(folder.path)).toEqual([]);
  });
});

/** Only what is asked of it before an engine is. */
const started = Object({
  getHost: () => '127.0.0.1',
  getMappedPort: (inner: number) => {
    if (inner === 5432) return 40_000;
    throw new Error('No port binding found');
  },
}) as StartedTestContainer; // no container is needed to refuse

/** Verifies its clients, and answers every request. */
async function startServer(): Promise<StartedTestContainer> {
  const credential = ['-cert', '/mtls/tls.crt', '-cert_chain', '/mtls/tls.crt', '-key', '/mtls/tls.key', '-CAfile', '/mtls/ca.crt'];
  const container = new GenericContainer(imageOf('postgres'))
    .withEntrypoint(['openssl', 's_server', '-accept', String(port), '-www', '-Verify', '4', '-verify_return_error', ...credential])
    .withCommand([])
    .withExposedPorts(port)
    .withWaitStrategy(Wait.forLogMessage('ACCEPT'));
  return (
    await withMtls(container, pki, { identity: pki.server({ commonName: 'server', dns: ['server', 'host.docker.internal'] }) })
  ).start();
}

interface CurlOptions {
  readonly host?: string;
  readonly args?: readonly string[];
  readonly trust?: readonly string[] | string;
}

/** What curl prints, in a container of its own that knows the relay. */
async function curl(
  relay: StartedMtlsRelay,
  identity: Identity,
  { host = relay.hostname, args = [], trust = pki.anchors }: CurlOptions = {},
): Promise<string> {
  const container = new GenericContainer(imageOf('nginx'))
    .withExtraHosts(relay.extraHosts)
    .withBindMounts(relay.keyLogMounts)
    .withEnvironment(relay.keyLogEnvironment)
    .withEntrypoint(['sleep', '600'])
    .withWaitStrategy(Wait.forSuccessfulCommand('true'));
  await using client = await (await withMtls(container, pki, { identity, trust })).start();
  const credential = ['--cacert', '/mtls/ca.crt', '--cert', '/mtls/tls.crt', '--key', '/mtls/tls.key'];
  const { output } = await client.exec(['curl', '-sSi', '--noproxy', '*', ...credential, ...args, `https://${host}:${relay.getPort()}/`]);
  return output;
}

/** Inside the server's container. */
const port = 8443;
