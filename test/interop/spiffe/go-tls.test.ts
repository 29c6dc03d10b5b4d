import { onTestFinished } from 'vitest';
import { attemptHandshake, createPki, type Handshake, type Identity, startTlsServer } from '../../../src/index.ts';
import { startSvidSource, startWorkloadApi, type SvidSource, type WorkloadApi } from '../../../src/spiffe/index.ts';
import { expect, test } from '../../../src/vitest/index.ts';
import { describeWith } from '../judges.ts';
import { builtGoSpiffe, type ClientReport, type Reporting, startGoSpiffe } from './programs.ts';

const web = 'spiffe://example.test/web';
const server = 'spiffe://example.test/server';
const foreignWeb = 'spiffe://other.test/web';
const foreignServer = 'spiffe://other.test/server';
const home = createPki({ name: 'home' });
const foreign = createPki({ name: 'foreign' });
const application = { reason: 'APPLICATION_VERIFICATION', alert: 'access_denied' };

describeWith('go modules')('mutual TLS with go-spiffe', () => {
  const program = builtGoSpiffe();

  /** A client on go-spiffe, which is `web` of example.test unless another identity is given, calls a server in this process. */
  async function dial(peer: { identity?: Identity; clients?: string; asks?: string; federated?: boolean; presents?: Identity }): Promise<{
    readonly report: ClientReport;
    readonly handshake: Handshake;
  }> {
    const { clients = web, asks = server, federated = false } = peer;
    const [theirs, ours] = await Promise.all([started(web, federated), started(server, federated)]);
    if (peer.presents) theirs.entitle(web, { identity: peer.presents });
    const source = await sourceOf(ours);
    await using listening = await startTlsServer({
      identity: peer.identity ?? source.identity,
      trust: [...source.bundles.values()],
      verifyPeer: (certificate) => source.verify(certificate, (id) => id === clients),
    });
    await using client = startGoSpiffe(program(), theirs.env, 'calls');
    const [report, handshake] = await Promise.all([
      client.ask('dial', `127.0.0.1:${listening.port}`, asks),
      listening.nextHandshake({ timeout: 20_000 }),
    ]);
    return { report, handshake };
  }

  test('a server in this process accepts a client of go-spiffe, and is accepted', async () => {
    const { report, handshake } = await dial({});

    expect(report).toEqual({ peer: server });
    expect(handshake).toBeAccepted();
    expect(handshake.clientCertificate?.spiffeId).toBe(web);
    expect(handshake.serverCertificate?.spiffeId).toBe(server);
  });

  test.for<[what: string, says: RegExp, peer: Parameters<typeof dial>[0]]>([
    ['another id than it wants', /unexpected ID/u, { asks: 'spiffe://example.test/database' }],
    ['an SVID that has expired', /expired/u, { identity: home.svid(server, expiredDates()) }],
    [
      'an id of a trust domain that is not federated',
      /no X\.509 bundle for trust domain/u,
      { identity: foreign.svid(foreignServer), asks: foreignServer },
    ],
    ['the same path in a federated trust domain', /unexpected ID/u, { identity: foreign.svid(foreignServer), federated: true }],
    [
      'an id of its own trust domain from the CA of a federated one',
      /unknown authority/u,
      { identity: foreign.svid(server), federated: true },
    ],
    ['two URI names', /more than one URI SAN/u, { identity: home.issuer.issue({ uri: [server, foreignServer] }) }],
    ['a use as a CA', /keyCertSign/iu, { identity: home.issuer.issue({ uri: server, keyUsage: ['digitalSignature', 'keyCertSign'] }) }],
  ])('go-spiffe rejects a server with %s, by an alert', async ([, says, peer]) => {
    const { report, handshake } = await dial(peer);

    expect(report.error).toMatch(says);
    expect(handshake).toBeRejected({ by: 'client', alert: 'bad_certificate' });
  });

  test('go-spiffe accepts a server of a federated trust domain', async () => {
    const { report, handshake } = await dial({ identity: foreign.svid(foreignServer), federated: true, asks: foreignServer });

    expect(report).toEqual({ peer: foreignServer });
    expect(handshake).toBeAccepted();
  });

  test.for<[what: string, expected: { reason: string; alert: string }, detail: RegExp, peer: Parameters<typeof dial>[0]]>([
    ['another id than it authorizes', application, /is not authorized/u, { clients: 'spiffe://example.test/database' }],
    [
      'an SVID that has expired',
      { reason: 'CERT_HAS_EXPIRED', alert: 'certificate_expired' },
      /expired/u,
      { presents: home.svid(web, expiredDates()) },
    ],
    [
      'an SVID of a CA that no bundle has',
      { reason: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', alert: 'unknown_ca' },
      /issuer/u,
      { presents: createPki({ name: 'evil' }).svid('spiffe://evil.test/web') },
    ],
    [
      'an id of its own trust domain from the CA of a federated one',
      application,
      /does not verify it/u,
      { presents: foreign.svid(web), federated: true },
    ],
    [
      'the same path in a federated trust domain',
      application,
      /is not authorized/u,
      { presents: foreign.svid(foreignWeb), federated: true },
    ],
  ])('a server in this process rejects a client of go-spiffe with %s', async ([, expected, detail, peer]) => {
    const { report, handshake } = await dial(peer);

    expect(handshake).toBeRejected({ by: 'server', ...expected });
    expect(handshake.explain()).toMatch(detail);
    expect(report.error).toMatch(/remote error: tls|EOF|reset/u);
  });

  /** A server on go-spiffe, `server` of example.test, which authorizes `web`; called from here. */
  async function serve({ federated = false, authorizes = web } = {}): Promise<{
    readonly attempt: (identity: Identity, wants?: string) => Promise<{ readonly handshake: Handshake; readonly report: ClientReport }>;
    readonly source: SvidSource;
  }> {
    const [theirs, ours] = await Promise.all([started(server, federated), started(web, federated)]);
    const source = await sourceOf(ours);
    const running: Reporting = startGoSpiffe(program(), theirs.env, 'serve', authorizes);
    onTestFinished(() => running[Symbol.asyncDispose]());
    const port = Number((await running.next())['port']);
    return {
      source,
      attempt: async (identity, wants = server) => {
        const { checkServerIdentity } = source.clientOptions((id) => id === wants);
        const trust = [...source.bundles.values()];
        const handshake = await attemptHandshake({ host: '127.0.0.1', port }, { identity, trust, checkServerIdentity });
        return { handshake, report: await running.next() };
      },
    };
  }

  test('a server of go-spiffe accepts a client in this process, and is accepted', async () => {
    const { attempt, source } = await serve();

    const { handshake, report } = await attempt(source.identity);

    expect(report).toEqual({ peer: web });
    expect(handshake).toBeAccepted();
    expect(handshake.serverCertificate?.spiffeId).toBe(server);
  });

  test.for<[what: string, says: RegExp, identity: Identity]>([
    ['another id than it authorizes', /unexpected ID/u, home.svid('spiffe://example.test/database')],
    ['an SVID that has expired', /expired/u, home.svid(web, expiredDates())],
    ['two URI names', /more than one URI SAN/u, home.issuer.issue({ uri: [web, foreignWeb] })],
    ['an id of its own trust domain from the CA of a federated one', /unknown authority/u, foreign.svid(web)],
    ['the same path in a federated trust domain', /unexpected ID/u, foreign.svid(foreignWeb)],
  ])('a server of go-spiffe rejects a client with %s, by an alert', async ([, says, identity]) => {
    const { attempt, source } = await serve({ federated: true });

    const refused = await attempt(identity);
    const control = await attempt(source.identity);

    expect(refused.report.error).toMatch(says);
    expect(refused.handshake).toBeRejected({ by: 'server', alert: 'bad_certificate' });
    expect(control.handshake).toBeAccepted();
  });

  test('a client in this process rejects a server of go-spiffe that has another id than it wants', async () => {
    const { attempt, source } = await serve();

    const { handshake, report } = await attempt(source.identity, 'spiffe://example.test/database');

    expect(handshake).toBeRejected({ by: 'client' });
    expect(handshake.explain()).toContain('is not authorized');
    expect(report).toBeDefined();
  });
});

async function started(id: string, federated: boolean): Promise<WorkloadApi> {
  const api = await startWorkloadApi({ trustDomain: 'example.test', pki: home, workloads: [id] });
  onTestFinished(() => api.close());
  if (federated) api.federate({ trustDomain: 'other.test', bundle: foreign });
  return api;
}

async function sourceOf({ address }: WorkloadApi): Promise<SvidSource> {
  const source = await startSvidSource({ address });
  onTestFinished(() => {
    source.close();
  });
  return source;
}

function expiredDates(): { notBefore: Date; notAfter: Date } {
  return { notBefore: new Date(Date.now() - 3_600_000), notAfter: new Date(Date.now() - 60_000) };
}
