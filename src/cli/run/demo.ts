import type { Identity } from '../../pki/identity.ts';
import { createPki, type Pki } from '../../pki/pki.ts';
import { selfSignedIdentity } from '../../pki/self-signed-identity.ts';
import { attemptHandshake } from '../../handshake/attempt/attempt-handshake.ts';
import type { AttemptOptions } from '../../handshake/attempt/attempt-options.ts';
import type { Handshake } from '../../handshake/verdict/handshake.ts';
import { exitCodes, type ExitCode } from '../exit-codes.ts';
import { table } from '../output/terminal.ts';
import type { ObservedServer } from '../../handshake/server/observed-server.ts';
import { startHttp2Server, startHttpsServer, startTlsServer } from '../../handshake/server/start-server.ts';

/** One handshake of the demonstration and its expected verdict. */
interface DemoCase {
  readonly title: string;
  readonly server: ObservedServer;
  readonly options: AttemptOptions;
  readonly expected: string;
}

/** Starts real servers, performs sixteen handshakes, prints the verdict of each; the exit code is 1 when a verdict is not the expected one. */
export async function runDemo(): Promise<ExitCode> {
  const pki = createPki({ name: 'demo' });
  const selfSigned = (await selfSignedIdentity({ commonName: 'self-signed' })).trusting(pki);
  const revoked = pki.client('mallory');
  pki.issuer.revoke(revoked, 'keyCompromise');
  const servers = await startServers(pki);

  // Node 22 does not know `using`.
  try {
    return await runAll([
      ...acceptedClients(pki, servers),
      ...rejectedCertificates(pki, servers),
      ...rejectedIdentities(pki, servers, { selfSigned, revoked }),
      ...rejectedServers(pki, servers),
    ]);
  } finally {
    await Promise.all(Object.values(servers).map((server) => server.close()));
  }
}

type Server = 'tls' | 'allowList' | 'https' | 'http2' | 'expired';
type Servers = Readonly<Record<Server, ObservedServer>>;

async function startServers(pki: Pki): Promise<Servers> {
  return {
    tls: await startTlsServer({ identity: pki.server(), crl: pki.crls() }),
    allowList: await startTlsServer({
      identity: pki.server(),
      verifyPeer: ({ commonName }) => commonName === 'alice' || `${commonName ?? 'no name'} is not on the list`,
    }),
    https: await startHttpsServer((_request, response) => response.end('hello'), { identity: pki.server() }),
    http2: await startHttp2Server((_request, response) => response.end('hello'), { identity: pki.server() }),
    expired: await startTlsServer({ identity: pki.server({ notAfter: minuteAgo() }) }),
  };
}

function acceptedClients(pki: Pki, { tls, https, http2 }: Servers): readonly DemoCase[] {
  const identity = pki.client('alice');
  return [
    { title: 'a valid client', server: tls, options: { identity }, expected: 'accepted' },
    { title: 'a valid client, TLS 1.2', server: tls, options: { identity, ...tls12 }, expected: 'accepted' },
    { title: 'a valid client over https', server: https, options: { identity }, expected: 'accepted' },
    { title: 'a valid client over http2', server: http2, options: { identity, ALPNProtocols: ['h2'] }, expected: 'accepted' },
  ];
}

/** No certificate, or one at the wrong time. */
function rejectedCertificates(pki: Pki, { tls, https, http2 }: Servers): readonly DemoCase[] {
  const inAnHour = new Date(Date.now() + 3_600_000);
  return [
    {
      title: 'no certificate',
      server: tls,
      options: { trust: pki },
      expected: 'server PEER_DID_NOT_RETURN_A_CERTIFICATE certificate_required',
    },
    {
      title: 'no certificate, TLS 1.2',
      server: https,
      options: { trust: pki, ...tls12 },
      expected: 'server PEER_DID_NOT_RETURN_A_CERTIFICATE handshake_failure',
    },
    {
      title: 'an expired certificate',
      server: https,
      options: { identity: pki.client('old', { notAfter: minuteAgo() }) },
      expected: 'server CERT_HAS_EXPIRED certificate_expired',
    },
    {
      title: 'the same, TLS 1.2',
      server: tls,
      options: { identity: pki.client('old', { notAfter: minuteAgo() }), ...tls12 },
      expected: 'server CERT_HAS_EXPIRED certificate_expired',
    },
    {
      title: 'a certificate not valid yet',
      server: http2,
      options: { identity: pki.client('early', { notBefore: inAnHour }) },
      expected: 'server CERT_NOT_YET_VALID bad_certificate',
    },
  ];
}

/** A certificate of another CA, for another purpose, or of a client that is not wanted. */
function rejectedIdentities(
  pki: Pki,
  { tls, allowList, https, http2 }: Servers,
  { selfSigned, revoked }: { readonly selfSigned: Identity; readonly revoked: Identity },
): readonly DemoCase[] {
  const impostor = createPki({ name: 'demo' });
  return [
    {
      title: 'a CA of the same name, another key',
      server: https,
      options: { identity: impostor.client('alice').trusting(pki) },
      expected: 'server UNABLE_TO_GET_ISSUER_CERT_LOCALLY unknown_ca',
    },
    {
      title: 'a self-signed certificate',
      server: https,
      options: { identity: selfSigned },
      expected: 'server DEPTH_ZERO_SELF_SIGNED_CERT unknown_ca',
    },
    {
      title: "a server's certificate as client",
      server: http2,
      options: { identity: pki.server() },
      expected: 'server INVALID_PURPOSE unsupported_certificate',
    },
    { title: 'a revoked certificate', server: tls, options: { identity: revoked }, expected: 'server CERT_REVOKED certificate_revoked' },
    {
      title: 'not on the allow-list',
      server: allowList,
      options: { identity: pki.client('bob') },
      expected: 'server APPLICATION_VERIFICATION access_denied',
    },
  ];
}

function rejectedServers(pki: Pki, { tls, expired }: Servers): readonly DemoCase[] {
  const identity = pki.client('alice');
  return [
    { title: 'the server has expired', server: expired, options: { identity }, expected: 'client CERT_HAS_EXPIRED' },
    {
      title: 'the server has another name',
      server: tls,
      options: { identity, servername: 'other.test' },
      expected: 'client ERR_TLS_CERT_ALTNAME_INVALID',
    },
  ];
}

/** One after the other: the table shows undisturbed durations. */
async function runAll(cases: readonly DemoCase[]): Promise<ExitCode> {
  const rows: (readonly string[])[] = [];
  let wrong = 0;
  for (const { title, server, options, expected } of cases) {
    const handshake = await attemptHandshake(server, options);
    const asExpected = summary(handshake) === expected;
    if (!asExpected) wrong += 1;
    rows.push([asExpected ? 'ok' : 'WRONG', title, ...cells(handshake)]);
    if (!asExpected) process.stdout.write(`${title}: expected "${expected}", got "${summary(handshake)}"\n${handshake.explain()}\n\n`);
  }
  process.stdout.write(`${table(headings, rows)}\n\n${cases.length - wrong} of ${cases.length} verdicts as expected\n`);
  return wrong === 0 ? exitCodes.asExpected : exitCodes.unexpected;
}

function summary({ verdict, rejectedBy, reason, alert }: Handshake): string {
  return verdict === 'accepted' ? verdict : [rejectedBy, reason, alert?.name].filter((part) => part !== undefined).join(' ');
}

function cells({ verdict, rejectedBy, reason, alert, protocol, durationMs }: Handshake): readonly string[] {
  return [verdict, rejectedBy ?? '', protocol ?? '', durationMs.toFixed(1), reason ?? '', alert ? `${alert.name} (${alert.code})` : ''];
}

function minuteAgo(): Date {
  return new Date(Date.now() - 60_000);
}

const tls12 = { maxVersion: 'TLSv1.2' } as const;
const headings = ['', 'handshake', 'verdict', 'by', 'protocol', 'ms', 'reason', 'alert'];
