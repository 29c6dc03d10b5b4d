import { afterAll, beforeAll, expect, test } from 'vitest';
import { createPki, type Handshake, type ObservedServer, type ServerOptions, startTlsServer } from '../../../src/index.ts';
import type { ArrangedCredential, TlsVersion } from '../../../src/scenarios/catalogue/scenario.ts';
import { clientScenario, serverScenario } from '../../scenarios/scenario.ts';
import { alertHeard } from './alert-words.ts';
import { measuredOf } from './measured.ts';
import { type ClientCall, type ClientPeer, type PeerReport, type PeerStack, type StartClientPeer, versions } from './peer.ts';

/** How the suite is run. */
export interface ClientSuiteOptions {
  readonly start: StartClientPeer;
  /** The server that such a client talks to, which answers `hello`; default: one that echoes. */
  readonly startServer?: (options: ServerOptions) => Promise<ObservedServer>;
  /** The versions of TLS that it has; default both. */
  readonly supported?: readonly TlsVersion[];
  /** Whether its words name the alert that it was sent; default true. */
  readonly namesAlerts?: boolean;
}

/** Defines the tests of a client against our servers: bad client credentials, which the server refuses, and bad servers, which the client does. */
export function testClient(
  stack: PeerStack,
  { start, startServer = startTlsServer, supported = versions, namesAlerts = true }: ClientSuiteOptions,
): void {
  const measured = measuredOf('clients', stack);
  const pki = createPki({ name: 'peers' });
  let client: ClientPeer | undefined;
  beforeAll(async () => {
    client = await start();
  });
  afterAll(() => client?.[Symbol.asyncDispose]());

  test.for(casesOf(badClients, supported))(
    'is rejected with $id over $version, and reports the alert of the record',
    async ({ id, version }) => {
      await using server = await startServer({ identity: pki.server(), ...only(version) });
      const call = { port: server.port, serverName: 'localhost', trust: pki.anchors, version };
      const credential = id === 'none' ? undefined : clientScenario(id).arrange(pki);
      const refusal = refusals[id][version];

      const control = await ask({ ...call, credential: clientScenario('valid').arrange(pki) });
      const controlSeen = await server.nextHandshake();
      const report = await ask({ ...call, credential });
      const seen = await server.nextHandshake();

      expect(control, 'the valid client').toMatchObject({ verdict: 'accepted', words: expect.stringContaining('hello') });
      expect(factsOf(controlSeen), controlSeen.explain()).toEqual({ verdict: 'accepted', protocol: version, client: 'client' });
      expect(factsOf(seen), seen.explain()).toEqual({
        verdict: 'rejected',
        protocol: version,
        ...(credential && { client: credential.identity.name }),
        rejectedBy: 'server',
        ...refusal,
        evidence: 'server-observed',
      });
      expect({ verdict: report.verdict, reported: alertHeard(report.words) }, report.words).toEqual({
        verdict: 'rejected',
        reported: namesAlerts ? refusal.alert : undefined,
      });
    },
  );

  test.for(casesOf(badServers, supported))('refuses a server with $id over $version, and the record says so', async ({ id, version }) => {
    const answer = measured.answerTo(id, version);

    const control = await beServedBy(serverScenario('valid').arrange(pki), version);
    const { report, seen } = await beServedBy(serverScenario(id).arrange(pki), version);

    expect(control.report, control.report.words).toMatchObject({ verdict: 'accepted', words: expect.stringContaining('hello') });
    expect(factsOf(control.seen), control.seen.explain()).toEqual({ verdict: 'accepted', protocol: version, client: 'client' });
    expect({ verdict: report.verdict, reported: alertHeard(report.words) }, 'it refused by itself').toEqual({ verdict: 'rejected' });
    const { verdict, rejectedBy, alert } = seen;
    expect({ verdict, rejectedBy, alert: alert?.name }, `${seen.explain()}\n${report.words}`).toEqual({
      verdict: 'rejected',
      rejectedBy: 'client',
      alert: measured.alert(answer),
    });
  });

  async function beServedBy(
    credential: ArrangedCredential,
    version: TlsVersion,
  ): Promise<{ readonly report: PeerReport; readonly seen: Handshake }> {
    await using server = await startServer({ identity: credential.identity, trust: pki.anchors, ...only(version) });
    const own = clientScenario('valid').arrange(pki);
    const { host: serverName, trust } = credential;
    const report = await ask({ port: server.port, credential: own, serverName, trust, version });
    return { report, seen: await server.nextHandshake() };
  }

  function ask(call: ClientCall): Promise<PeerReport> {
    if (!client) throw new TypeError('the client was not started');
    return client.call(call);
  }
}

interface Refusal {
  readonly reason: string;
  readonly alert: string;
}

function factsOf({ verdict, rejectedBy, reason, alert, protocol, evidence, clientCertificate }: Handshake): object {
  return {
    verdict,
    protocol,
    ...(clientCertificate && { client: clientCertificate.commonName }),
    ...(verdict === 'rejected' && { rejectedBy, reason, alert: alert?.name, evidence }),
  };
}

function only(version: TlsVersion): { readonly minVersion: TlsVersion; readonly maxVersion: TlsVersion } {
  return { minVersion: version, maxVersion: version };
}

function casesOf<Id extends string>(
  ids: readonly Id[],
  supported: readonly TlsVersion[],
): { readonly id: Id; readonly version: TlsVersion }[] {
  return ids.flatMap((id) => supported.map((version) => ({ id, version })));
}

const badClients = ['expired-leaf', 'unknown-ca', 'eku-opposite-role', 'none'] as const;
const badServers = ['expired-leaf', 'unknown-ca', 'eku-opposite-role', 'wrong-host'] as const;

/**
 * What our servers answer, written down here: the catalogue takes its alerts from the table that is judged. They are those of OpenSSL's own
 * servers. Without a certificate TLS 1.3 has an alert of its own (RFC 8446 6.2), TLS 1.2 has handshake_failure (RFC 5246 7.4.6).
 */
const refusals: Readonly<Record<(typeof badClients)[number], Readonly<Record<TlsVersion, Refusal>>>> = {
  'expired-leaf': inBothVersions({ reason: 'CERT_HAS_EXPIRED', alert: 'certificate_expired' }),
  'unknown-ca': inBothVersions({ reason: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', alert: 'unknown_ca' }),
  'eku-opposite-role': inBothVersions({ reason: 'INVALID_PURPOSE', alert: 'unsupported_certificate' }),
  none: {
    'TLSv1.3': { reason: 'PEER_DID_NOT_RETURN_A_CERTIFICATE', alert: 'certificate_required' },
    'TLSv1.2': { reason: 'PEER_DID_NOT_RETURN_A_CERTIFICATE', alert: 'handshake_failure' },
  },
};

function inBothVersions(refusal: Refusal): Readonly<Record<TlsVersion, Refusal>> {
  return { 'TLSv1.3': refusal, 'TLSv1.2': refusal };
}
