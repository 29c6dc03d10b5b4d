// What servers and clients that take their identity and their rules from a source do with each other.
import https from 'node:https';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import tls from 'node:tls';
import { onTestFinished } from 'vitest';
import { attemptHandshake, createPki, type Identity, observe, startTlsServer } from '../../../src/index.ts';
import { startSvidSource, startWorkloadApi, type WorkloadApi } from '../../../src/spiffe/index.ts';
import { expect, test } from '../../../src/vitest/index.ts';
import { identityOf, updatesOf } from './updates.ts';

const trustDomain = 'example.test';
const web = 'spiffe://example.test/web';
const db = 'spiffe://example.test/db';

test('a server that follows it performs no handshake while the workload has no entitlement, and verify accepts no peer', async () => {
  await using api = await startWorkloadApi({ trustDomain, workloads: [web] });
  using source = await startSvidSource({ address: api.address });
  const server = https.createServer(source.serverOptions());
  await using observed = observe(server, { verifyPeer: (peer) => source.verify(peer) });
  source.follow(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const changes = updatesOf(source);
  const attempt = (): ReturnType<typeof attemptHandshake> =>
    attemptHandshake(observed, { identity: api.pki.svid(db), trust: api.bundle, checkServerIdentity: () => undefined });
  const before = await attempt();
  const peer = before.clientCertificate;
  if (!peer) throw new Error('the client presented no certificate');

  api.revoke(web);
  await changes.next();
  const lost = await attempt();
  const answer = source.verify(peer);
  api.entitle(web);
  await changes.until(() => identityOf(source) !== undefined);
  const again = await attempt();

  expect(before).toBeAccepted();
  expect(lost).toBeRejected({ by: 'server', alert: 'handshake_failure' });
  expect(answer).toMatch(/the workload has no SVID: .*no identity issued/u);
  expect(again).toBeAccepted();
});

test('a server of Node that follows it presents each new SVID, and trusts each new root', async () => {
  const pki = createPki({ name: 'followed' });
  await using api = await startWorkloadApi({ trustDomain, pki, workloads: [web] });
  using source = await startSvidSource({ address: api.address });
  const server = tls.createServer(source.serverOptions(), (socket) => socket.resume());
  onTestFinished(() => void server.close());
  const stop = source.follow(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // of a TCP server
  const attempt = async (identity: Identity): Promise<Awaited<ReturnType<typeof attemptHandshake>>> =>
    attemptHandshake({ host: '127.0.0.1', port }, { identity, trust: api.bundle, checkServerIdentity: () => undefined });
  const client = pki.svid(db);
  const changes = updatesOf(source);

  const first = await attempt(client);
  api.rotate('bundle');
  await changes.next();
  const overlap = [await attempt(client), await attempt(api.pki.svid(db))];
  api.retire();
  await changes.next();
  const retired = [await attempt(client), await attempt(api.pki.svid(db))];
  stop();

  expect(first).toBeAccepted();
  expect(overlap[0]).toBeAccepted();
  expect(overlap[1]).toBeAccepted();
  expect(overlap[1]?.serverCertificate?.fingerprint256).not.toBe(first.serverCertificate?.fingerprint256);
  expect(retired[0]).toBeRejected({ by: 'server' });
  expect(retired[1]).toBeAccepted();
});

test.for<[what: string, problem: RegExp, mint: (home: WorkloadApi, foreign: WorkloadApi) => Identity]>([
  ['of another id', /is not authorized/u, ({ pki }) => pki.svid('spiffe://example.test/admin')],
  ['of the same path in a federated trust domain', /is not authorized/u, (_home, { pki }) => pki.svid('spiffe://other.test/web')],
  ['of its own trust domain from the CA of a federated one', /does not verify it/u, (_home, { pki }) => pki.svid(web)],
  ['of a federated trust domain from its own CA', /does not verify it/u, ({ pki }) => pki.svid('spiffe://other.test/web')],
  ['of a trust domain without a bundle', /no bundle for its trust domain "third\.test"/u, ({ pki }) => pki.svid('spiffe://third.test/web')],
  ['with two URI names', /2 URI names/u, ({ pki }) => pki.issuer.issue({ uri: [web, 'spiffe://example.test/admin'] })],
  [
    'that may sign certificates',
    /keyCertSign/u,
    ({ pki }) => pki.issuer.issue({ uri: web, keyUsage: ['digitalSignature', 'keyCertSign'] }),
  ],
])('a peer with an SVID %s is refused in both roles, and one with the right id is not', async ([, problem, mint]) => {
  await using foreign = await startWorkloadApi({ trustDomain: 'other.test' });
  await using api = await startWorkloadApi({ trustDomain, workloads: [db] });
  api.federate(foreign);
  using source = await startSvidSource({ address: api.address });
  const authorize = (id: string): boolean => id === web;
  const trust = [...source.bundles.values()];
  const refused = mint(api, foreign);
  const good = api.pki.svid(web);

  await using server = await startTlsServer({ identity: source.identity, trust, verifyPeer: (peer) => source.verify(peer, authorize) });
  const anyServer = { trust: api.bundle, checkServerIdentity: () => undefined };
  const asClient = [
    await attemptHandshake(server, { identity: refused, ...anyServer }),
    await attemptHandshake(server, { identity: good, ...anyServer }),
  ];
  const { checkServerIdentity } = source.clientOptions(authorize);
  const asServer = await Promise.all(
    [refused, good].map(async (identity) => {
      await using peer = await startTlsServer({ identity, trust });
      return await attemptHandshake(peer, { identity: source.identity, trust, checkServerIdentity });
    }),
  );

  expect(asClient[0]).toBeRejected({ by: 'server', reason: 'APPLICATION_VERIFICATION', alert: 'access_denied' });
  expect(asClient[0]?.explain()).toMatch(problem);
  expect(asServer[0]).toBeRejected({ by: 'client' });
  expect(asServer[0]?.explain()).toMatch(problem);
  expect(asClient[1]).toBeAccepted();
  expect(asServer[1]).toBeAccepted();
});

test('a session that is resumed is judged as the handshake that made it was', async () => {
  await using api = await startWorkloadApi({ trustDomain, workloads: [web] });
  await using clients = await api.startAnother({ workloads: [db] });
  using source = await startSvidSource({ address: api.address });
  let authorized = db;
  await using server = await startTlsServer({
    identity: source.identity,
    verifyPeer: (peer) => source.verify(peer, (id) => id === authorized),
  });
  const { keyPem: key, chainPem: cert, anchors: ca } = clients.identity(db) ?? source.identity;
  const connect = async (session?: Buffer): Promise<tls.TLSSocket> => {
    const socket = tls.connect({ port: server.port, host: '127.0.0.1', key, cert, ca, checkServerIdentity: () => undefined, session });
    onTestFinished(() => void socket.destroy());
    socket.on('error', () => {});
    await once(socket, 'secureConnect');
    return socket;
  };

  const first = await connect();
  const [session] = (await once(first, 'session')) as [Buffer];
  await connect(session);
  const handshakes = [await server.nextHandshake(), await server.nextHandshake()];
  authorized = web;
  await connect(session);
  const later = await server.nextHandshake();

  expect(handshakes.map(({ resumed }) => resumed)).toEqual([false, true]);
  expect(handshakes[0]).toBeAccepted();
  expect(handshakes[1]).toBeAccepted();
  expect(later).toBeRejected({ by: 'server', reason: 'APPLICATION_VERIFICATION' });
});

test('an application on https calls a server by its id, and its own server gives no tickets', async () => {
  await using api = await startWorkloadApi({ trustDomain, workloads: [web] });
  await using clients = await api.startAnother({ workloads: [db] });
  using source = await startSvidSource({ address: api.address });
  using client = await startSvidSource({ address: clients.address });
  const app = https.createServer(source.serverOptions(), (_request, response) => response.end('welcome'));
  await using server = observe(app, { verifyPeer: (peer) => source.verify(peer, (id) => id === db) });
  app.listen(0, '127.0.0.1');
  await once(app, 'listening');
  const { port } = server;
  const agent = new https.Agent({ keepAlive: false, maxSockets: 1 });
  const get = (options: https.RequestOptions): Promise<string> =>
    new Promise((resolve, reject) => {
      const request = https.get({ host: '127.0.0.1', port, ...options }, (response) => {
        let body = '';
        response.setEncoding('utf8').on('data', (text: string) => (body += text));
        response.once('close', () => resolve(body));
      });
      request.on('error', reject);
    });

  const answers = [
    await get({ ...client.clientOptions((id) => id === web), agent }),
    await get({ ...client.clientOptions((id) => id === web), agent }),
  ];
  const handshakes = [await server.nextHandshake(), await server.nextHandshake()];

  expect(answers).toEqual(['welcome', 'welcome']);
  expect(handshakes.map(({ verdict, resumed }) => [verdict, resumed])).toEqual([
    ['accepted', false],
    ['accepted', false],
  ]);
  await expect(get({ ...client.clientOptions((id) => id === db), agent: false })).rejects.toThrow(`"${web}" is not authorized`);
  await expect(get({ ...source.clientOptions(), agent: false })).toFailHandshake({ by: 'server', alert: 'access_denied' });
});
