import { GenericContainer, type StartedTestContainer, Wait } from 'testcontainers';
import { describe, expect, test } from 'vitest';
import { hostGateway } from '../../src/containers/host-gateway.ts';
import { withMtls } from '../../src/containers/with-mtls.ts';
import { createPki, startTlsServer } from '../../src/index.ts';
import type { ObservedServer } from '../../src/handshake/server/observed-server.ts';
import type { Identity } from '../../src/pki/identity.ts';
import { imageOf, lacksImages } from './images.ts';

const pki = createPki();

describe.skipIf(await lacksImages(['redis']))('a container as the client of an in-process server', () => {
  test('is accepted with the certificate that was copied into it', async () => {
    await using server = await startServer();
    await using client = await startClient(pki.client('worker'));

    const { stdout } = await ping(client, server);
    const handshake = await server.nextHandshake();

    expect(stdout.trim()).toBe('PONG');
    expect(handshake).toMatchObject({ verdict: 'accepted', servername: 'host.docker.internal' });
    expect(handshake.clientCertificate?.commonName).toBe('worker');
  });

  test('is rejected with an expired one', async () => {
    await using server = await startServer();
    await using client = await startClient(pki.client('worker', { notAfter: new Date(0) }));

    const { stdout } = await ping(client, server);
    const handshake = await server.nextHandshake();

    expect(stdout).not.toContain('PONG');
    expect(handshake).toMatchObject({ verdict: 'rejected', rejectedBy: 'server', reason: 'CERT_HAS_EXPIRED' });
  });
});

/** As much of Redis as redis-cli needs. */
async function startServer(): Promise<ObservedServer> {
  const { hostname, bindAddress } = await hostGateway();
  const onConnection = (socket: NodeJS.ReadWriteStream): void => void socket.on('data', () => socket.write('+PONG\r\n'));
  return startTlsServer({ identity: pki.server({ dns: hostname }), host: bindAddress, onConnection });
}

async function startClient(identity: Identity): Promise<StartedTestContainer> {
  const { extraHost } = await hostGateway();
  const container = new GenericContainer(imageOf('redis'))
    .withExtraHosts([extraHost])
    .withEntrypoint(['sleep', '600'])
    .withWaitStrategy(Wait.forSuccessfulCommand('true'));
  return (await withMtls(container, pki, { identity })).start();
}

async function ping(client: StartedTestContainer, server: ObservedServer): Promise<{ readonly stdout: string }> {
  const { hostname } = await hostGateway();
  const credential = ['--tls', '--sni', hostname, '--cacert', '/mtls/ca.crt', '--cert', '/mtls/tls.crt', '--key', '/mtls/tls.key'];
  return client.exec(['redis-cli', '-h', hostname, '-p', String(server.port), ...credential, 'PING']);
}
