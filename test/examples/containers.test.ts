import { createPki, startTlsServer } from 'mtls-fixtures';
import { type ContainerConnection, hostGateway, MtlsPostgres, waitForMtls, withMtls } from 'mtls-fixtures/containers';
import { expect, test } from 'mtls-fixtures/vitest';
import { Client } from 'pg';
import { GenericContainer, Wait } from 'testcontainers';
import { Agent, request } from 'undici';
import { describeWithImages, imageOf } from '../containers/images.ts';

const [postgresImage, nginxImage, clientImage] = [imageOf('postgres'), imageOf('nginx'), imageOf('redis')];

/** Configuration of a custom service: it answers 400 after the handshake to clients that it rejects. */
const config = `server { listen 8443 ssl; ssl_certificate /mtls/tls.crt; ssl_certificate_key /mtls/tls.key;
  ssl_verify_client on; ssl_verify_depth 2; ssl_client_certificate /mtls/ca.crt; return 200 hello; }`;

await describeWithImages('the guide to containers', ['postgres', 'nginx', 'redis'], () => {
  // #region postgres
  test('the database accepts no client without a valid certificate', async ({ pki }) => {
    await using postgres = await new MtlsPostgres(postgresImage).withPki(pki).start();

    const client = new Client(postgres.clientOptions()); // of a valid client
    await client.connect();
    const { rows } = await client.query<{ ssl: boolean }>('select ssl from pg_stat_ssl where pid = pg_backend_pid()');
    await client.end();

    const expired = pki.client('test', { notAfter: new Date(0) });
    const refused = new Client(postgres.clientOptions(expired)).connect();

    expect(rows).toEqual([{ ssl: true }]);
    await expect(refused).toFailHandshake({ by: 'server', alert: 'certificate_expired' });
  });
  // #endregion

  // #region any
  test('a custom service', async ({ pki }) => {
    const container = new GenericContainer(nginxImage)
      .withCopyContentToContainer([{ content: config, target: '/etc/nginx/conf.d/service.conf' }])
      .withCommand(['nginx', '-g', 'daemon off;'])
      .withExposedPorts(8443)
      .withWaitStrategy(waitForMtls({ identity: pki.client(), attempt: getPage }));
    await withMtls(container, pki, { crl: true }); // /mtls/tls.crt, tls.key, ca.crt, ca.crl

    await using service = await container.start();

    const connection = { host: service.getHost(), port: service.getMappedPort(8443) };
    await getPage({ ...connection, tls: pki.client('alice').tls });
    await expect(getPage({ ...connection, tls: { ca: pki.anchors } })).rejects.toThrow('status 400');
  });

  async function getPage({ host, port, tls }: ContainerConnection): Promise<void> {
    const { statusCode } = await request(`https://${host}:${port}`, { dispatcher: new Agent({ connect: tls }) });
    if (statusCode !== 200) throw new Error(`status ${statusCode}`);
  }
  // #endregion

  test('a container as the client', async () => {
    // #region calls
    const pki = createPki();
    const { hostname, bindAddress, extraHost } = await hostGateway();
    await using server = await startTlsServer({ identity: pki.server({ dns: hostname }), host: bindAddress });

    const container = new GenericContainer(clientImage)
      .withExtraHosts([extraHost])
      .withEntrypoint(['sleep', '600'])
      .withWaitStrategy(Wait.forSuccessfulCommand('true'));
    await withMtls(container, pki, { identity: pki.client('worker') });
    await using worker = await container.start();

    const credential = '--tls --cacert /mtls/ca.crt --cert /mtls/tls.crt --key /mtls/tls.key';
    void worker.exec(['sh', '-c', `redis-cli -h ${hostname} -p ${server.port} --sni ${hostname} ${credential} PING`]);
    const handshake = await server.nextHandshake();

    expect(handshake).toBeAccepted();
    expect(handshake).toHaveClientCertificate({ commonName: 'worker' });
    // #endregion
  });
});
