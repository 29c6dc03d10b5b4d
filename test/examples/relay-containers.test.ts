import type { Identity } from 'mtls-fixtures';
import { MtlsPostgres, MtlsRelay, withMtls } from 'mtls-fixtures/containers';
import { expect, test } from 'mtls-fixtures/vitest';
import { GenericContainer, Network, Wait } from 'testcontainers';
import { describe } from 'vitest';
import { imageOf, lacksImages } from '../containers/images.ts';

const image = imageOf('postgres');

describe.skipIf(await lacksImages(['postgres', 'nginx']))('the guide to two services that are not mine', () => {
  // #region containers
  test('between a client and a database in containers', async ({ pki }) => {
    await using network = await new Network().start();
    await using database = await new MtlsPostgres(image).withPki(pki).withNetwork(network).start(); // or any container that publishes its port
    await using relay = await new MtlsRelay(database).withOptions({ starttls: 'postgres' }).start();

    const query = async (identity: Identity, version: string): Promise<string> => {
      const container = new GenericContainer(image)
        .withNetwork(network)
        .withExtraHosts(relay.extraHosts) // the client's only change: the relay's name and port in place of the database's
        .withEnvironment({
          PGHOST: relay.hostname,
          PGPORT: String(relay.getPort()),
          PGUSER: 'test',
          PGDATABASE: 'test',
          PGSSLMODE: 'verify-full',
        })
        .withEntrypoint(['sleep', '600'])
        .withWaitStrategy(Wait.forSuccessfulCommand('true'));
      await withMtls(container, pki, { identity });
      await using client = await container.start();
      const files = 'sslrootcert=/mtls/ca.crt sslcert=/mtls/tls.crt sslkey=/mtls/tls.key';
      return (await client.exec(['psql', `${files} ssl_max_protocol_version=${version}`, '-c', 'select 1'])).output;
    };
    const expired = pki.client('test', { notAfter: new Date(0) });

    expect(await query(pki.client('test'), 'TLSv1.3')).toContain('(1 row)');
    expect(await query(expired, 'TLSv1.3')).toContain('alert certificate expired');
    expect(await query(expired, 'TLSv1.2')).toContain('alert certificate expired');

    expect(await relay.nextHandshake()).toBeAccepted();
    expect(await relay.nextHandshake()).toBeRejected({ by: 'server' }); // TLS 1.3 without a key log: neither alert nor certificates
    expect(await relay.nextHandshake()).toBeRejected({ by: 'server', alert: 'certificate_expired' });
    expect(relay.handshakes[2]).toHaveClientCertificate({ commonName: 'test' });
  });
  // #endregion

  // #region key-log
  test('with the key log that curl writes in its container', async ({ pki }) => {
    const files = '-cert /mtls/tls.crt -cert_chain /mtls/tls.crt -key /mtls/tls.key -CAfile /mtls/ca.crt';
    const container = new GenericContainer(image)
      .withEntrypoint(`openssl s_server -accept 8443 -www -Verify 4 -verify_return_error ${files}`.split(' '))
      .withCommand([])
      .withExposedPorts(8443)
      .withWaitStrategy(Wait.forLogMessage('ACCEPT'));
    await withMtls(container, pki, { identity: pki.server({ dns: 'api' }) });
    await using server = await container.start();
    await using relay = await new MtlsRelay(server).withTargetPort(8443).withNames('api').withKeyLog().start();

    const client = new GenericContainer(imageOf('nginx')) // for its curl
      .withExtraHosts(relay.extraHosts) // "api" is the relay
      .withBindMounts(relay.keyLogMounts)
      .withEnvironment(relay.keyLogEnvironment) // SSLKEYLOGFILE
      .withEntrypoint(['sleep', '600'])
      .withWaitStrategy(Wait.forSuccessfulCommand('true'));
    await withMtls(client, pki, { identity: pki.client('old', { notAfter: new Date(0) }) });
    await using curl = await client.start();
    await curl.exec(`curl --cacert /mtls/ca.crt --cert /mtls/tls.crt --key /mtls/tls.key https://api:${relay.getPort()}/`.split(' '));

    const handshake = await relay.nextHandshake();
    expect(handshake).toBeRejected({ by: 'server', alert: 'certificate_expired' });
    expect(handshake).toHaveClientCertificate({ commonName: 'old' });
  });
  // #endregion
});
