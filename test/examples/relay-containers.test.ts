import { type Identity, startRelay } from 'mtls-fixtures';
import { hostGateway, MtlsPostgres, withMtls } from 'mtls-fixtures/containers';
import { expect, test } from 'mtls-fixtures/vitest';
import { GenericContainer, Network, Wait } from 'testcontainers';
import { describe } from 'vitest';
import { imageOf, lacksImages } from '../containers/images.ts';

const image = imageOf('postgres');

describe.skipIf(await lacksImages(['postgres']))('the guide to two services that are not mine', () => {
  // #region containers
  test('between a client and a database in containers', async ({ pki }) => {
    const { hostname, bindAddress, extraHost } = await hostGateway();
    await using network = await new Network().start();
    await using database = await new MtlsPostgres(image).withPki(pki).withNetwork(network).start(); // or any container that publishes its port
    const to = { host: database.getHost(), port: database.getPort() };
    await using relay = await startRelay({ to, host: bindAddress, starttls: 'postgres' });

    const query = async (identity: Identity, version: string): Promise<string> => {
      const container = new GenericContainer(image)
        .withNetwork(network)
        .withExtraHosts([extraHost]) // the client's only change: the relay's name and port in place of the database's
        .withEnvironment({ PGHOST: hostname, PGPORT: String(relay.port), PGUSER: 'test', PGDATABASE: 'test', PGSSLMODE: 'verify-full' })
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
});
