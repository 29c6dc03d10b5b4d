// The relay between servers in containers and their own command-line clients: what it says is compared with what the clients print.
import type { StartedTestContainer } from 'testcontainers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type HostGateway, hostGateway } from '../../../src/containers/index.ts';
import { createPki, type Identity } from '../../../src/index.ts';
import { startRelay } from '../../../src/relay/start-relay.ts';
import type { TlsVersion } from '../../../src/scenarios/catalogue/scenario.ts';
import { lacksImages } from '../../containers/images.ts';
import { versions } from '../peers/peer.ts';
import { clientFolder, opensslConfiguration, serviceClients } from './service-clients.ts';

const pki = createPki({ name: 'relay' });
const otherPki = createPki({ name: 'other' });
const good = pki.client('test');

type Name = keyof typeof serviceClients;

interface Case {
  readonly name: string;
  readonly identity: Identity | undefined;
  readonly trust?: string;
  /** The name by which the client reaches the relay; default the one that the certificate has. */
  readonly host?: string;
}

const cases = [
  { name: 'a valid client', identity: good },
  { name: 'an expired client', identity: pki.client('test', { notAfter: new Date(Date.now() - 60_000) }) },
  { name: 'a client of an unknown CA', identity: otherPki.client('test') },
  { name: "a client with a server's certificate", identity: pki.server() },
  { name: 'a client without a certificate', identity: undefined },
  { name: 'a client that trusts another CA', identity: good, trust: otherPki.anchors },
  { name: 'a client that asks for another name', identity: good, host: 'other.test' },
] as const satisfies readonly Case[];

type CaseName = (typeof cases)[number]['name'];

/** What passes: a verdict, or none where the records of TLS 1.3 fit two; the alert, where TLS 1.2 or the client shows it; and what the client prints, which says the same in its own words. */
interface Expected {
  readonly rejectedBy?: 'client' | 'server';
  readonly alert?: string;
  readonly code?: 'RECORDS_AMBIGUOUS';
  /** Whether the same may lack a verdict: PostgreSQL, which sends no tickets, answers in one record and closes; the client may close before that, or after. */
  readonly mayLackVerdict?: true;
  readonly words: RegExp;
}

const byServer = (alert: string, words: RegExp): Expected => ({ rejectedBy: 'server', alert, words });
/** A client that has sent data may lose the alert of TLS 1.3, to the reset that follows or by reading too late: it prints that the connection ended. */
const lost = 'Lost connection to |[Ss]erver closed the connection|Connection reset by peer|EOF detected|Broken pipe';
const distrusts: Expected = { rejectedBy: 'client', alert: 'unknown_ca', words: /certificate verify failed|unable to get local issuer/u };
/** Their verdict about a client without a certificate is the application's, after the handshake. */
const deniedLater: Expected = { words: /requires a valid client certificate|Access denied for user/u };

const common: Readonly<Record<Exclude<CaseName, 'a client that asks for another name'>, Expected>> = {
  'a valid client': { words: /^1\s+1$|\(1 row\)|^PONG$/u },
  'an expired client': byServer('certificate_expired', new RegExp(`alert certificate expired|${lost}`, 'u')),
  'a client of an unknown CA': byServer('unknown_ca', new RegExp(`alert unknown ca|${lost}`, 'u')),
  "a client with a server's certificate": byServer('unsupported_certificate', new RegExp(`alert unsupported certificate|${lost}`, 'u')),
  'a client without a certificate': deniedLater,
  'a client that trusts another CA': distrusts,
};

/** libpq and MariaDB's client compare the name after the handshake, and send no alert: docs/decisions/verdict-of-a-silent-departure.md. redis-cli does not compare it. */
const ofName: Readonly<Record<Name, (version: TlsVersion) => Expected>> = {
  'psql and PostgreSQL': (version) => ({
    ...(version === 'TLSv1.3' && { code: 'RECORDS_AMBIGUOUS' }),
    words: /does not match host name "other\.test"/u,
  }),
  'mariadb and MariaDB': () => ({ rejectedBy: 'client', words: /Validation of SSL server certificate failed/u }),
  'mysql and MySQL': () => ({ rejectedBy: 'client', alert: 'bad_certificate', words: /certificate verify failed/u }),
  'redis-cli and Redis': () => ({ words: /^PONG$/u }),
};

function expectedOf(pair: Name, name: CaseName, version: TlsVersion): Expected {
  if (name === 'a client that asks for another name') return ofName[pair](version);
  if (pair === 'redis-cli and Redis' && name === 'a client without a certificate')
    return byServer(
      version === 'TLSv1.3' ? 'certificate_required' : 'handshake_failure',
      new RegExp(`alert handshake failure|${lost}`, 'u'),
    );
  const isLate = pair === 'psql and PostgreSQL' && name === 'a client without a certificate' && version === 'TLSv1.3';
  return { ...common[name], ...(isLate && { mayLackVerdict: true }) };
}

for (const [pair, { image, create, command, startsInClear }] of Object.entries(serviceClients) as [Name, (typeof serviceClients)[Name]][])
  // of this very object
  describe.skipIf(await lacksImages([image]))(`the relay between ${pair}`, () => {
    let gateway: HostGateway;
    let container: StartedTestContainer;
    beforeAll(async () => {
      gateway = await hostGateway();
      const extraHosts = [gateway.extraHost, { ...gateway.extraHost, host: 'other.test' }];
      container = await create().withPki(pki).withExtraHosts(extraHosts).start();
    });
    afterAll(() => container?.stop());

    test.for(cases.flatMap((each: Case) => versions.map((version) => Object.assign({ version }, each))))(
      '$name over $version',
      async ({ version, name, identity, trust = pki.anchors, host = gateway.hostname }) => {
        const expected = expectedOf(pair, name as CaseName, version); // of `cases`
        const to = { host: container.getHost(), port: portOf(container) };
        await using relay = await startRelay({ to, host: gateway.bindAddress, starttls: startsInClear });
        await copyFiles(container, { identity, trust, version });

        const { output } = await container.exec(command({ host, port: relay.port, version, presents: identity !== undefined }));

        expect(output.trim()).toMatch(expected.words);
        // redis-cli calls a second time where TLS failed.
        await expect.poll(() => relay.handshakes.length + relay.problems.length, { timeout: 10_000 }).toBeGreaterThan(0);
        const context = `${relay.handshakes[0]?.explain()}\n${output}`;
        if (expected.mayLackVerdict && relay.problems.map(({ code }) => code).includes('RECORDS_AMBIGUOUS')) return;
        expect([...new Set(relay.problems.map(({ code }) => code))], context).toEqual(expected.code === undefined ? [] : [expected.code]);
        const isShown = version === 'TLSv1.2' || expected.rejectedBy === 'client';
        for (const { verdict, rejectedBy, protocol, alert } of relay.handshakes)
          expect([verdict, rejectedBy, protocol, alert?.name], context).toEqual([
            expected.rejectedBy === undefined ? 'accepted' : 'rejected',
            expected.rejectedBy,
            version,
            isShown ? expected.alert : undefined,
          ]);
      },
    );
  });

function portOf(container: StartedTestContainer): number {
  return container.getFirstMappedPort();
}

async function copyFiles(
  container: StartedTestContainer,
  { identity, trust, version }: { readonly identity: Identity | undefined; readonly trust: string; readonly version: TlsVersion },
): Promise<void> {
  const file = (name: string, content: string, mode = 0o644): { content: string; target: string; mode: number } => ({
    content,
    target: `${clientFolder}/${name}`,
    mode,
  });
  await container.copyContentToContainer([
    file('ca.pem', trust),
    file(`${version}.cnf`, opensslConfiguration(version)),
    ...(identity ? [file('cert.pem', identity.chainPem), file('key.pem', identity.keyPem, 0o600)] : []),
  ]);
}
