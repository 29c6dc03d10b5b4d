// The relay between two peers neither of which is ours: what it says is compared with what both of them say.
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createPki, type Handshake } from '../../../src/index.ts';
import { startRelay } from '../../../src/relay/start-relay.ts';
import type { TlsVersion } from '../../../src/scenarios/catalogue/scenario.ts';
import { clientScenario } from '../../scenarios/scenario.ts';
import { describeWith, type Tool } from '../judges.ts';
import { alertHeard } from '../peers/alert-words.ts';
import { gnutlsCli, gnutlsServ } from '../peers/gnutls.ts';
import { go, java, python, wolfssl } from '../peers/languages.ts';
import { sClient } from '../peers/openssl.ts';
import { type ClientPeer, type PeerReport, type ServerPeer, versions } from '../peers/peer.ts';
import { clientProgram, serverProgram } from '../peers/programs.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const pki = createPki({ name: 'relay' });
const otherPki = createPki({ name: 'other' });
const folder = temporaryFolder();
afterAll(() => folder[Symbol.dispose]());

/** Clients; `logsKeys`: those that write their secrets to the file which SSLKEYLOGFILE names; `sendsName`: those that send a server name without a dot (Java does not). */
const clients = {
  openssl: { tool: 'openssl', logsKeys: true, sendsName: true, start: (keyLog: string) => Promise.resolve(sClient({ keyLog })) },
  gnutls: { tool: 'gnutls', logsKeys: true, sendsName: true, start: () => Promise.resolve(gnutlsCli()) },
  go: { tool: 'go', logsKeys: true, sendsName: true, start: () => clientProgram(go) },
  python: { tool: 'python3', logsKeys: true, sendsName: true, start: () => clientProgram(python) },
  java: { tool: 'java', logsKeys: false, sendsName: false, start: () => clientProgram(java) },
  wolfssl: { tool: 'wolfssl', logsKeys: false, sendsName: true, start: () => clientProgram(wolfssl) },
} as const satisfies Readonly<
  Record<string, { tool: Tool; logsKeys: boolean; sendsName: boolean; start: (keyLog: string) => Promise<ClientPeer> }>
>;

const servers = {
  gnutls: { tool: 'gnutls', start: () => Promise.resolve(gnutlsServ(pki)) },
  go: { tool: 'go', start: () => serverProgram(go, pki) },
  python: { tool: 'python3', start: () => serverProgram(python, pki) },
  java: { tool: 'java', start: () => serverProgram(java, pki) },
} as const satisfies Readonly<Record<string, { tool: Tool; start: () => Promise<ServerPeer> }>>;

const pairs: readonly (readonly [keyof typeof clients, keyof typeof servers])[] = [
  ['openssl', 'go'],
  ['openssl', 'python'],
  ['gnutls', 'gnutls'],
  ['gnutls', 'java'],
  ['go', 'python'],
  ['go', 'gnutls'],
  ['python', 'java'],
  ['python', 'go'],
  ['java', 'gnutls'],
  ['java', 'go'],
  ['wolfssl', 'python'],
  ['wolfssl', 'java'],
];

for (const [clientName, serverName] of pairs) {
  const [client, server] = [clients[clientName], servers[serverName]];
  describeWith(client.tool)(`a client of ${clientName}`, () => {
    describeWith(server.tool)(`and a server of ${serverName}`, () => {
      testPair(client, server, `${clientName}-${serverName}.keys`);
    });
  });
}

function testPair(
  client: (typeof clients)[keyof typeof clients],
  server: (typeof servers)[keyof typeof servers],
  keyLogName: string,
): void {
  const keyLog = path.join(folder.path, keyLogName);
  let callers: ClientPeer | undefined;
  let served: ServerPeer | undefined;
  beforeAll(async () => {
    process.env['SSLKEYLOGFILE'] = keyLog; // inherited by the programs; Node.js itself does not look at it
    callers = await client.start(keyLog);
    served = await server.start();
  });
  afterAll(async () => {
    delete process.env['SSLKEYLOGFILE'];
    await callers?.[Symbol.asyncDispose]();
    await served?.[Symbol.asyncDispose]();
  });

  describe.for(client.logsKeys ? ([true, false] as const) : ([false] as const))('with the key log: %s', (hasKeys) => {
    test.for(cases)('$name over $version', async ({ arrange, version, ...row }) => {
      const rejectedBy = 'passesGnutls' in row && server.tool === 'gnutls' ? undefined : row.rejectedBy;
      if (!callers || !served) throw new TypeError('the peers were not started');
      const ours = callers;
      const { credential, trust = pki.anchors, serverName = 'localhost' } = arrange();

      const { result, report } = await served.serve(version, async (port) => {
        await using relay = await startRelay({ to: { port }, ...(hasKeys && { keyLogFile: keyLog }) });
        const called = await ours.call({ port: relay.port, credential, serverName, trust, version });
        const handshake = await relay.nextHandshake();
        return { handshake, called, problems: relay.problems };
      });

      const { handshake, called, problems } = result;
      const words = `${handshake.explain()}\nclient: ${called.words}\nserver: ${report.words}`;
      expect(problems.map(({ message }) => message)).toEqual([]);
      expect(called.verdict, words).toBe(rejectedBy === undefined ? 'accepted' : 'rejected');
      expect(factsOf(handshake), words).toEqual({
        verdict: rejectedBy === undefined ? 'accepted' : 'rejected',
        ...(rejectedBy && { rejectedBy }),
        protocol: version,
        ...((client.sendsName || serverName.includes('.')) && { servername: serverName }),
      });
      // OpenSSL's clients send the alert by which they refuse a server in the clear.
      const isInClear = version === 'TLSv1.2' || handshake.alert?.sentBy === 'client';
      expect(handshake.evidence, words).toBe(hasKeys || isInClear ? 'decrypted' : 'record-shape');
      if (!hasKeys && version === 'TLSv1.3') return;
      expect(handshake.serverCertificate?.commonName, words).toBe('localhost');
      // A client that refuses in TLS 1.3 sends no certificate; in TLS 1.2 some verify after they have sent theirs.
      const presented = rejectedBy === 'client' ? handshake.clientCertificate?.commonName : credential?.identity.name;
      expect(handshake.clientCertificate?.commonName, words).toBe(presented);
      expectAlert(handshake, { called, report, words });
    });
  });
}

/** What the end that was refused says it received; not every library says it. */
function expectAlert(
  { alert, rejectedBy }: Handshake,
  { called, report, words }: { readonly called: PeerReport; readonly report: PeerReport; readonly words: string },
): void {
  if (rejectedBy === undefined) return;
  const heard = alertHeard(rejectedBy === 'server' ? called.words : report.words);
  expect(heard === undefined ? undefined : alert?.name, words).toBe(heard);
  expect(alert?.sentBy ?? rejectedBy, words).toBe(rejectedBy);
}

function factsOf({ verdict, rejectedBy, protocol, servername }: Handshake): object {
  return { verdict, ...(rejectedBy && { rejectedBy }), protocol, ...(servername !== undefined && { servername }) };
}

const valid = (): { credential: ReturnType<ReturnType<typeof clientScenario>['arrange']> } => ({
  credential: clientScenario('valid').arrange(pki),
});
const bad = (id: string) => (): ReturnType<typeof valid> => ({ credential: clientScenario(id).arrange(pki) });

interface Case {
  readonly name: string;
  readonly rejectedBy: 'client' | 'server' | undefined;
  /** gnutls-serv does not look at the extended key usage. */
  readonly passesGnutls?: true;
  readonly arrange: () => {
    readonly credential?: ReturnType<typeof valid>['credential'];
    readonly trust?: string;
    readonly serverName?: string;
  };
}

const cases = (
  [
    { name: 'valid clients', rejectedBy: undefined, arrange: valid },
    { name: 'an expired client', rejectedBy: 'server', arrange: bad('expired-leaf') },
    { name: 'a client of an unknown CA', rejectedBy: 'server', arrange: bad('unknown-ca') },
    { name: "a client with a server's certificate", rejectedBy: 'server', passesGnutls: true, arrange: bad('eku-opposite-role') },
    { name: 'a client without a certificate', rejectedBy: 'server', arrange: () => ({}) },
    { name: 'a client that trusts another CA', rejectedBy: 'client', arrange: () => ({ ...valid(), trust: otherPki.anchors }) },
    { name: 'a client that asks for another name', rejectedBy: 'client', arrange: () => ({ ...valid(), serverName: 'other.test' }) },
  ] as const satisfies readonly Case[]
).flatMap((each: Case) => versions.map((version: TlsVersion) => Object.assign({ version }, each)));
