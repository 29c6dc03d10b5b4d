import { copyFileSync } from 'node:fs';
import path from 'node:path';
import { attemptHandshake, type Handshake } from 'mtls-fixtures';
import { startWorkloadApi } from 'mtls-fixtures/spiffe';
import { describeSpiffeUnderTest, expect, test } from 'mtls-fixtures/vitest';
import { GenericContainer, Wait } from 'testcontainers';
import { beforeAll, describe } from 'vitest';
import { lacksImages } from '../containers/images.ts';
import { describeWith } from '../interop/judges.ts';
import { sourceOf } from '../interop/peers/programs.ts';
import { builtGoSpiffe } from '../interop/spiffe/programs.ts';

const image = 'mtls-fixtures/go-spiffe:example';

describe.skipIf(await lacksImages([]))('a service in a container', () => {
  describeWith('go modules')('on go-spiffe', () => {
    const program = builtGoSpiffe();
    beforeAll(async () => {
      const folder = path.dirname(program());
      copyFileSync(path.join(sourceOf('go-spiffe'), 'Dockerfile'), path.join(folder, 'Dockerfile'));
      await GenericContainer.fromDockerfile(folder).build(image, { deleteOnExit: false });
    }, 120_000);

    test('gets the socket by a mount', { timeout: 60_000 }, async () => {
      // #region mounted
      await using api = await startWorkloadApi({ trustDomain: 'example.test', workloads: ['spiffe://example.test/web'] });
      await using container = await new GenericContainer(image)
        .withBindMounts([{ source: path.dirname(new URL(api.address).pathname), target: '/run/spiffe' }]) // the folder: a socket that is made anew is in it too
        .withEnvironment({ SPIFFE_ENDPOINT_SOCKET: 'unix:///run/spiffe/api.sock' })
        .withCommand(['https', '0.0.0.0:8443', 'spiffe://example.test/shop'])
        .withExposedPorts(8443)
        .withWaitStrategy(Wait.forLogMessage(/port/u))
        .start();

      const endpoint = { host: container.getHost(), port: container.getMappedPort(8443) };
      const call = (id: string): Promise<Handshake> =>
        attemptHandshake(endpoint, { identity: api.pki.svid(id), trust: api.bundle, checkServerIdentity: () => undefined });
      const shop = await call('spiffe://example.test/shop');
      const other = await call('spiffe://example.test/other');

      expect(shop).toBeAccepted();
      expect(shop.serverCertificate?.spiffeId).toBe('spiffe://example.test/web');
      expect(other).toBeRejected({ by: 'server', alert: 'bad_certificate' });
      // #endregion
    });

    test('gets a port by the network of the host', { timeout: 60_000 }, async () => {
      await using api = await startWorkloadApi({ trustDomain: 'example.test', workloads: ['spiffe://example.test/web'], port: 0 });
      await using container = await new GenericContainer(image)
        .withNetworkMode('host')
        .withEnvironment({ ...api.env })
        .withCommand(['https', '127.0.0.1:0', 'spiffe://example.test/shop'])
        .withWaitStrategy(Wait.forLogMessage(/port/u))
        .start();

      expect(container.getId()).not.toBe('');
      expect(api.requests.map(({ method, status }) => `${method} ${status}`)).toEqual(['FetchX509SVID OK']);
      expect(api.watchers).toBe(1);
    });

    // #region suite
    describeSpiffeUnderTest(
      'the service in its container',
      {
        authorizes: 'spiffe://example.test/shop',
        start: async ({ address, authorizes }) => {
          const container = await new GenericContainer(image)
            .withBindMounts([{ source: path.dirname(new URL(address).pathname), target: '/run/spiffe' }])
            .withEnvironment({ SPIFFE_ENDPOINT_SOCKET: 'unix:///run/spiffe/api.sock' })
            .withCommand(['https', '0.0.0.0:8443', ...authorizes])
            .withExposedPorts(8443)
            .withWaitStrategy(Wait.forLogMessage(/port/u))
            .start();
          return { host: container.getHost(), port: container.getMappedPort(8443), close: () => container.stop({ timeout: 0 }) };
        },
        within: 10_000,
      },
      {
        only: ['workload-other-id', 'workload-federated-ca-own-id', 'workload-rotated', 'workload-retired-root', 'workload-api-restarted'],
      },
    );
    // #endregion
  });
});
