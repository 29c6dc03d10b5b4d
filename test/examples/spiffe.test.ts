import { execFile } from 'node:child_process';
import type https from 'node:https';
import { promisify } from 'node:util';
import { credentials, Metadata, Server, ServerCredentials } from '@grpc/grpc-js';
import { fastify, type FastifyInstance } from 'fastify';
import { attemptHandshake, type Handshake, observe, type ObservedServer, startTlsServer } from 'mtls-fixtures';
import { startSvidSource, startWorkloadApi, type SvidSource } from 'mtls-fixtures/spiffe';
import { describeSpiffeUnderTest, expect, test } from 'mtls-fixtures/vitest';
import { greeter, GreeterClient } from '../interop/libraries/grpc-service.ts';

const web = 'spiffe://example.test/web';
const shop = 'spiffe://example.test/shop';

test('a child process gets the socket', async () => {
  // #region start
  await using api = await startWorkloadApi({ trustDomain: 'example.test', workloads: ['spiffe://example.test/web'] });
  const env = { ...process.env, ...api.env }; // SPIFFE_ENDPOINT_SOCKET, for the service under test

  api.rotate('spiffe://example.test/web'); // each change reaches every open stream
  api.rotate('bundle'); // a new root beside the old one, which signs from now on
  api.retire(); // the old one is withdrawn
  api.expire('spiffe://example.test/web'); // what is delivered expired a minute ago
  api.revoke('spiffe://example.test/web'); // the last identity: every stream ends with PERMISSION_DENIED
  // #endregion

  const { stdout } = await promisify(execFile)(process.execPath, ['--print', 'process.env.SPIFFE_ENDPOINT_SOCKET'], { env });
  expect(stdout.trim()).toBe(api.address);
  expect(api.identity(web)).toBeUndefined();
});

// #region fastify
/** The service: its certificate and its trust come from the Workload API, and a client is authorized by its SPIFFE id. */
async function startService(source: SvidSource): Promise<{ readonly app: FastifyInstance<https.Server>; readonly server: ObservedServer }> {
  const app: FastifyInstance<https.Server> = fastify({ https: source.serverOptions() });
  const server = observe(app.server, { verifyPeer: (peer) => source.verify(peer, (id) => id === 'spiffe://example.test/shop') });
  source.follow(app.server);
  app.get('/', () => 'hello');
  await app.listen({ port: 0, host: '127.0.0.1' });
  return { app, server };
}
// #endregion

// #region suite
describeSpiffeUnderTest('the service on Fastify', {
  authorizes: 'spiffe://example.test/shop', // the suite's Workload API is of its trust domain
  start: async ({ address }) => {
    const source = await startSvidSource({ address });
    const { app, server } = await startService(source);
    app.server.once('close', () => source.close());
    return server;
  },
});
// #endregion

test('a service on Fastify serves through a rotation of its root', async () => {
  // #region rotation
  await using api = await startWorkloadApi({ trustDomain: 'example.test', workloads: ['spiffe://example.test/web'] });
  await using shopApi = await api.startAnother({ workloads: ['spiffe://example.test/shop'] }); // another workload of the trust domain, another socket
  using source = await startSvidSource({ address: api.address });
  using client = await startSvidSource({ address: shopApi.address });
  const { app, server } = await startService(source);
  const call = async (): Promise<Handshake> => {
    const { checkServerIdentity } = client.clientOptions((id) => id === 'spiffe://example.test/web');
    return attemptHandshake(server, { identity: client.identity, trust: [...client.bundles.values()], checkServerIdentity });
  };
  const before = await call();

  const updates = Promise.all([source, client].map((each) => new Promise<void>((resolve) => void each.onUpdate(resolve))));
  api.rotate('bundle');
  await updates;
  const after = await call();

  expect(before).toBeAccepted();
  expect(after).toBeAccepted();
  expect(after.serverCertificate?.issuer.text).not.toBe(before.serverCertificate?.issuer.text);
  // #endregion
  await app.close();
});

test('a gRPC service knows its clients by their SPIFFE ids', async () => {
  await using api = await startWorkloadApi({ trustDomain: 'example.test', workloads: [web] });
  await using clients = await api.startAnother({ workloads: [shop] });
  using source = await startSvidSource({ address: api.address });
  using client = await startSvidSource({ address: clients.address });

  // #region grpc
  const service = new Server();
  service.addService(greeter, {
    hello: (_call: unknown, reply: (error: null, answer: Buffer) => void) => reply(null, Buffer.from('hello')),
  });
  const injector = service.createConnectionInjector(ServerCredentials.createInsecure());
  await using server = await startTlsServer({
    identity: source.identity,
    trust: [...source.bundles.values()],
    verifyPeer: (peer) => source.verify(peer, (id) => id === 'spiffe://example.test/shop'),
    ALPNProtocols: ['h2'],
    onConnection: (socket) => injector.injectConnection(socket),
  });

  const { ca, key, cert, checkServerIdentity } = client.clientOptions((id) => id === 'spiffe://example.test/web');
  const channel = credentials.createSsl(Buffer.from(ca), Buffer.from(key), Buffer.from(cert), { checkServerIdentity });
  const stub = new GreeterClient(`localhost:${server.port}`, channel);
  // #endregion

  const answer = await new Promise((resolve, reject) => {
    stub['hello']?.(Buffer.from('hello'), new Metadata(), (error: Error | null, bytes: Buffer) =>
      error ? reject(error) : resolve(String(bytes)),
    );
  });
  stub.close();
  service.forceShutdown();

  expect(answer).toBe('hello');
  expect(server.handshakes[0]?.clientCertificate?.spiffeId).toBe(shop);
});
