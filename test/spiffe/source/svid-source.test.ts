import https from 'node:https';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import tls from 'node:tls';
import { onTestFinished } from 'vitest';
import { attemptHandshake, createPki, type Identity, observe, startTlsServer } from '../../../src/index.ts';
import { startSvidSource, startWorkloadApi, type SvidSource, type WorkloadApi } from '../../../src/spiffe/index.ts';
import { expect, test } from '../../../src/vitest/index.ts';
import { temporaryFolder } from '../../interop/temporary-folder.ts';

const trustDomain = 'example.test';
const web = 'spiffe://example.test/web';
const db = 'spiffe://example.test/db';

test('it has the newest SVID of its id, and the bundles by trust domain', async () => {
  await using other = await startWorkloadApi({ trustDomain: 'other.test' });
  await using api = await startWorkloadApi({ trustDomain, workloads: [web, db] });
  using first = await startSvidSource({ address: api.address });
  using source = await startSvidSource({ address: api.address, id: db });

  const changes = updatesOf(source);
  api.rotate(db);
  await changes.next();
  api.federate(other);
  await changes.next();

  expect(first.identity.name).toBe(web);
  expect(source.identity.certificatePem).toBe(api.identity(db)?.certificatePem);
  expect(Object.fromEntries(source.bundles)).toEqual({ 'example.test': api.bundle, 'other.test': other.bundle });
});

test('the environment says where the API is', async () => {
  await using api = await startWorkloadApi({ trustDomain, workloads: [web], port: 0 });
  const before = process.env['SPIFFE_ENDPOINT_SOCKET'];
  onTestFinished(() => {
    if (before === undefined) delete process.env['SPIFFE_ENDPOINT_SOCKET'];
    else process.env['SPIFFE_ENDPOINT_SOCKET'] = before;
  });

  Object.assign(process.env, api.env);
  using source = await startSvidSource();

  expect(source.identity.name).toBe(web);
});

test('a workload that loses its entitlement has no identity until it gets one again', async () => {
  await using api = await startWorkloadApi({ trustDomain, workloads: [web] });
  using source = await startSvidSource({ address: api.address });
  const changes = updatesOf(source);

  api.revoke(web);
  await changes.next();
  expect(() => source.identity).toThrow(
    expect.objectContaining({ code: 'WORKLOAD_API_FAILED', message: expect.stringContaining('no identity issued') }),
  );
  api.entitle(web);
  await changes.until(() => identityOf(source) !== undefined);

  expect(source.identity.certificatePem).toBe(api.identity(web)?.certificatePem);
});

test('an SVID that is missing among those of a message is not used any more', async () => {
  await using api = await startWorkloadApi({ trustDomain, workloads: [web, db] });
  using source = await startSvidSource({ address: api.address, id: db });
  const changes = updatesOf(source);
  const control = identityOf(source);

  api.revoke(db);
  await changes.next();
  const lost = identityOf(source);
  api.entitle(db);
  await changes.next();

  expect(control).toBeDefined();
  expect(lost).toBeUndefined();
  expect(source.identity.certificatePem).toBe(api.identity(db)?.certificatePem);
});

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

test('it keeps its SVID while the API is away, and has a new one after', async () => {
  using folder = temporaryFolder();
  const options = { trustDomain, pki: createPki(), socket: `${folder.path}/a.sock`, workloads: [web] };
  const before = await startWorkloadApi(options);
  using source = await startSvidSource({ address: before.address });
  const first = source.identity.certificatePem;
  const changes = updatesOf(source);

  await before.close();
  const meanwhile = source.identity.certificatePem;
  await using api = await startWorkloadApi(options);
  await changes.until(() => source.identity.certificatePem !== first);

  expect(meanwhile).toBe(first);
  expect(source.identity.certificatePem).toBe(api.identity(web)?.certificatePem);
});

test('an update with a key of another certificate is not used, and the stream is kept', async () => {
  await using api = await startWorkloadApi({ trustDomain, workloads: [web] });
  using source = await startSvidSource({ address: api.address });
  const changes = updatesOf(source);
  const { certificatePem } = source.identity;
  const good = api.pki.svid(web);

  api.entitle(web, { identity: { ...plain(good), keyPem: api.pki.svid(web).keyPem } as unknown as Identity });
  await changes.next();
  const kept = source.identity.certificatePem;
  api.rotate(web);
  await changes.next();

  expect(kept).toBe(certificatePem);
  expect(source.identity.certificatePem).toBe(api.identity(web)?.certificatePem);
  expect(api.requests).toHaveLength(1);
});

test.for(['ca-flag', 'cert-sign'] as const)(
  'an own SVID that breaks the rules of leaves (%s) is not used, and the next one is',
  async (damage) => {
    await using api = await startWorkloadApi({ trustDomain, workloads: [web] });
    using source = await startSvidSource({ address: api.address });
    const changes = updatesOf(source);
    const { certificatePem } = source.identity;

    api.damage(damage);
    await changes.next();
    const kept = source.identity.certificatePem;
    api.rotate(web);
    await changes.next();
    const keptAgain = source.identity.certificatePem;
    api.restore();
    await changes.next();

    expect([kept, keptAgain]).toEqual([certificatePem, certificatePem]);
    expect(source.identity.certificatePem).toBe(api.identity(web)?.certificatePem);
    expect(api.requests).toHaveLength(1);
  },
);

test.for([
  ['no address', '', 'OPTION_INVALID'],
  ['a path alone', '/run/a.sock', 'OPTION_INVALID'],
  ['a host name', 'tcp://localhost:80', 'OPTION_INVALID'],
  ['a path behind a port', 'tcp://127.0.0.1:80/a', 'OPTION_INVALID'],
  ['a relative path', 'unix:a.sock', 'OPTION_INVALID'],
  ['an authority before the path', 'unix://host/a.sock', 'OPTION_INVALID'],
] as const)('%s is refused', async ([, address, code]) => {
  await expect(startSvidSource({ address, timeout: 100 })).rejects.toThrow(expect.objectContaining({ code }));
});

test('an API that is not there, and one without an identity, are reported', async () => {
  await using api = await startWorkloadApi({ trustDomain });

  await expect(startSvidSource({ address: 'unix:///nowhere/a.sock', timeout: 300 })).rejects.toThrow(
    expect.objectContaining({ code: 'WORKLOAD_API_FAILED' }),
  );
  await expect(startSvidSource({ address: api.address })).rejects.toThrow(
    expect.objectContaining({ code: 'WORKLOAD_API_FAILED', message: expect.stringContaining('PERMISSION_DENIED') }),
  );
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

interface Updates {
  next(): Promise<void>;
  until(isThere: () => boolean): Promise<void>;
}

/** What a source reports from now on, one by one. */
function updatesOf(source: SvidSource): Updates {
  let count = 0;
  let taken = 0;
  let notify = (): void => {};
  source.onUpdate(() => {
    count += 1;
    notify();
  });
  const next = async (): Promise<void> => {
    while (count === taken)
      await new Promise<void>((resolve) => {
        notify = resolve;
      });
    taken += 1;
  };
  return {
    next,
    until: async (isThere) => {
      while (!isThere()) await next();
    },
  };
}

function identityOf(source: SvidSource): Identity | undefined {
  try {
    return source.identity;
  } catch {
    return undefined;
  }
}

function plain({ chainPem, certificatePem, anchors }: Identity): object {
  return { chainPem, certificatePem, anchors };
}
