import { GenericContainer, Network, type StartedTestContainer, Wait } from 'testcontainers';
import { describe, expect, test } from 'vitest';
import { waitForMtls } from '../../src/containers/mtls-wait.ts';
import { MtlsNginx } from '../../src/containers/services/web/nginx.ts';
import { withMtls, type WithMtlsOptions } from '../../src/containers/with-mtls.ts';
import { attemptHandshake, createPki, inspectCertificate } from '../../src/index.ts';
import type { Pki } from '../../src/pki/pki.ts';
import { imageOf, lacksImages } from './images.ts';

const pki = createPki();

/** A container that does nothing, to read what was copied into it. */
function idle(): GenericContainer {
  return new GenericContainer(imageOf('nginx')).withCommand(['sleep', '600']).withWaitStrategy(Wait.forSuccessfulCommand('true'));
}

async function read(container: StartedTestContainer, path: string): Promise<string> {
  return (await container.exec(['cat', path])).stdout;
}

describe.skipIf(await lacksImages(['nginx']))('withMtls', () => {
  test('copies key, chain and anchors with the mode and the owner of the service', async () => {
    const container = await withMtls(idle(), pki, { owner: { uid: 101, gid: 102 } });

    await using started = await container.start();

    const { stdout } = await started.exec(['sh', '-c', 'stat -c "%a %u:%g %n" /mtls/*']);
    expect(stdout.trim().split('\n')).toEqual(['644 101:102 /mtls/ca.crt', '644 101:102 /mtls/tls.crt', '600 101:102 /mtls/tls.key']);
    expect(await read(started, '/mtls/tls.key')).toBe(container.mtls.identity.keyPem);
    expect(await read(started, '/mtls/tls.crt')).toBe(container.mtls.identity.chainPem);
    expect(await read(started, '/mtls/ca.crt')).toBe(pki.anchors);
  });

  test('copies the CRLs of the PKI, other anchors, and into another directory, on request', async () => {
    const others = createPki();
    const container = await withMtls(idle(), pki, { crl: true, trust: others, directory: '/etc/service/tls' });

    await using started = await container.start();

    expect(container.mtls.paths.revocationLists).toBe('/etc/service/tls/ca.crl');
    expect((await read(started, '/etc/service/tls/ca.crl')).match(/BEGIN X509 CRL/gu)).toHaveLength(2);
    expect(await read(started, '/etc/service/tls/ca.crt')).toBe(others.anchors);
  });

  test('names the host of the engine, the aliases on the network, and what containers call the host', async () => {
    await using network = await new Network().start();
    const aliased = idle().withNetwork(network).withNetworkAliases('db', 'db.internal').withHostname('db-0');
    const container = await withMtls(aliased, pki, { names: ['service.example', '192.0.2.7'] });

    await using started = await container.start();

    const { altNames } = inspectCertificate(await read(started, '/mtls/tls.crt'));
    expect([...altNames.dns, ...altNames.ip]).toContain(started.getHost()); // a name, or the bridge's address where the tests run in a container
    expect(altNames).toMatchObject({
      dns: expect.arrayContaining([
        'localhost',
        'db',
        'db.internal',
        'db-0',
        'host.docker.internal',
        'host.testcontainers.internal',
        'service.example',
      ]),
      ip: expect.arrayContaining(['127.0.0.1', '::1', '192.0.2.7']),
    });
  });

  test('of a PKI whose names are constrained, the names that it permits, and those that are asked for', async () => {
    const narrow = createPki({ permitted: ['localhost', '127.0.0.0/8', 'host.docker.internal', 'internal.test'] });
    const container = idle().withNetworkAliases('service', 'a.internal.test', 'internal.test', 'notinternal.test');

    const { mtls } = await withMtls(container, narrow, { names: 'outside.test' });

    const { dns, ip } = inspectCertificate(mtls.identity.certificatePem).altNames;
    expect(dns).toEqual(['localhost', 'host.docker.internal', 'a.internal.test', 'internal.test', 'outside.test']);
    expect(ip).toEqual(['127.0.0.1']);
  });

  test('a service of a constrained PKI accepts its valid client', async () => {
    const narrow = createPki({ permitted: ['localhost', '127.0.0.0/8', '::1', '172.16.0.0/12'] });
    await using service = await new MtlsNginx(imageOf('nginx')).withPki(narrow).start();

    const handshake = await attemptHandshake({ host: service.getHost(), port: service.getPort() }, { identity: narrow.client('alice') });
    expect(handshake).toBeAccepted();
  });

  test('a container that is reused is one with the same certificate', async () => {
    const labels = await Promise.all(
      [1, 2].map(async () => {
        const container = await withMtls(idle(), pki);
        await using started = await container.start();
        return [started.getLabels()['mtls-fixtures.certificate'], container.mtls.identity.certificate.fingerprint256];
      }),
    );

    expect(labels[0]?.[0]).toBe(labels[0]?.[1]);
    expect(labels[0]?.[0]).not.toBe(labels[1]?.[0]);
  });

  test('the user’s own identity is used unchanged', async () => {
    const identity = pki.server({ dns: 'elsewhere.example' });

    const container = await withMtls(idle(), pki, { identity });

    expect(container.mtls.identity).toBe(identity);
  });

  const nginx = (conf: string): GenericContainer =>
    new GenericContainer(imageOf('nginx'))
      .withCopyContentToContainer([{ content: conf, target: '/etc/nginx/conf.d/mtls.conf' }])
      .withCommand(['nginx', '-g', 'daemon off;'])
      .withExposedPorts(8443);
  const server = (verification: string): string =>
    `server { listen 8443 ssl; ssl_certificate /mtls/tls.crt; ssl_certificate_key /mtls/tls.key; ${verification} }`;

  test('a service that requires nothing of its clients is not taken for one of mutual TLS', async () => {
    const container = await withMtls(nginx(server('')), pki);
    const start = container.withWaitStrategy(waitForMtls({ identity: pki.client() })).start();

    await expect(start).rejects.toMatchObject({ code: 'CLIENT_CERTIFICATE_NOT_REQUIRED' });
  });

  test('a service that does not start is reported with its last log lines, and is removed', async () => {
    const container = await withMtls(nginx('nonsense;'), pki);
    const start = container
      .withName('mtls-fixtures-nonsense')
      .withWaitStrategy(waitForMtls({ identity: pki.client(), port: 8443 }))
      .start();

    await expect(start).rejects.toMatchObject({
      code: 'CONTAINER_NOT_READY',
      facts: { problem: 'it stopped with exit code 1', log: expect.stringContaining('unknown directive "nonsense"') },
    });
    await using again = await idle().withName('mtls-fixtures-nonsense').start();
    expect(again.getName()).toContain('nonsense');
  });

  test('a service that never accepts its valid client is reported with what that client saw, within its bound', async () => {
    const container = await withMtls(nginx(server('')), createPki());
    const start = container
      .withStartupTimeout(500)
      .withWaitStrategy(waitForMtls({ identity: pki.client() }))
      .start();

    await expect(start).rejects.toMatchObject({
      code: 'CONTAINER_NOT_READY',
      facts: { problem: expect.stringMatching(/it accepted no valid client within 500 ms; .*rejected by the client: /u) },
    });
  });

  test('a service that verifies certificates after the handshake is ready when the attempt succeeds', async () => {
    await using started = await new MtlsNginx(imageOf('nginx')).start();

    const handshake = await attemptHandshake({ host: started.getHost(), port: started.getPort() }, { identity: started.client });

    expect(handshake.verdict).toBe('accepted');
    expect(handshake.serverCertificate?.fingerprint256).toBe(started.identity.certificate.fingerprint256);
  });
});

describe('withMtls rejects before anything starts', () => {
  test.for<[string, Pki, WithMtlsOptions]>([
    ['pki', {} as Pki, {}],
    ['directory', pki, { directory: 'etc' }],
    ['directory', pki, { directory: '/' }],
    ['owner', pki, { owner: { uid: -1, gid: 0 } }],
    ['identity', pki, { identity: pki.server(), names: 'a.example' }],
    ['withMtls option', pki, { user: 'postgres' } as WithMtlsOptions],
    ['names', pki, { names: 7 as unknown as string }],
    ['leaf option', pki, { leaf: { dsn: 'a.example' } as WithMtlsOptions['leaf'] & object }],
    ['trust', pki, { trust: 7 as unknown as string }],
  ])('a wrong %s', async ([option, given, options]) => {
    await expect(withMtls(new GenericContainer('none'), given, options)).rejects.toMatchObject({
      code: 'OPTION_INVALID',
      facts: { option },
    });
  });

  test.for<[what: string, options: WithMtlsOptions, facts: object]>([
    ['CRLs that are not PEM', { crl: 'none' }, { code: 'PEM_INVALID', facts: { what: 'crl' } }],
    ['a name that is not one', { names: 'a name' }, { code: 'NAME_INVALID', facts: { value: 'a name' } }],
    ['empty trust', { trust: '' }, { code: 'TRUST_MISSING' }],
  ])('%s', async ([, options, error]) => {
    await expect(withMtls(new GenericContainer('none'), pki, options)).rejects.toMatchObject(error);
  });
});
