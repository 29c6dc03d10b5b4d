import { GenericContainer, type StartedTestContainer } from 'testcontainers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MtlsMariadb } from '../../src/containers/services/mysql.ts';
import { MtlsPostgres } from '../../src/containers/services/postgres.ts';
import { withMtls } from '../../src/containers/with-mtls.ts';
import type { AttemptOptions, Endpoint } from '../../src/handshake/attempt/attempt-options.ts';
import { attemptHandshake, createPki, type Handshake } from '../../src/index.ts';
import { imageOf, lacksImages } from './images.ts';

const pki = createPki();
const others = createPki();
const versions = ['TLSv1.3', 'TLSv1.2'] as const;
const badClients = {
  unknown_ca: others.client('test').trusting(pki),
  certificate_expired: pki.client('test', { notAfter: new Date(Date.now() - 60_000) }),
};

type Version = (typeof versions)[number];
type Answer = 'alert' | 'closed' | 'accepted';

interface Service {
  readonly starttls: NonNullable<Endpoint['starttls']>;
  readonly port: number;
  readonly start: () => Promise<StartedTestContainer>;
  /** How TLS answers a bad certificate and none. A client that TLS accepts is rejected by the service afterwards, or disconnected. */
  readonly bad: Readonly<Record<Version, Answer>>;
  readonly none: Answer;
}

const services: Readonly<Record<string, Service>> = {
  postgres: {
    starttls: 'postgres',
    port: 5432,
    start: () => new MtlsPostgres(imageOf('postgres')).withPki(pki).start(),
    bad: { 'TLSv1.3': 'alert', 'TLSv1.2': 'alert' },
    none: 'accepted',
  },
  mariadb: {
    starttls: 'mysql',
    port: 3306,
    start: () => new MtlsMariadb(imageOf('mariadb')).withPki(pki).start(),
    bad: { 'TLSv1.3': 'alert', 'TLSv1.2': 'alert' },
    none: 'accepted',
  },
  dovecot: {
    starttls: 'imap',
    port: 143,
    start: async () => (await withMtls(new GenericContainer(imageOf('dovecot')).withExposedPorts(143), pki)).start(),
    // Measured with OpenSSL's client too: LOGIN answers that the certificate is not valid, not TLS.
    bad: { 'TLSv1.3': 'accepted', 'TLSv1.2': 'accepted' },
    none: 'accepted',
  },
  openldap: {
    starttls: 'ldap',
    port: 389,
    start: async () =>
      (await withMtls(new GenericContainer(imageOf('openldap')).withExposedPorts(389), pki, { owner: { uid: 911, gid: 911 } })).start(),
    // Debian's is built with GnuTLS and verifies when the handshake is over: it closes the connection, in TLS 1.2 after its Finished.
    bad: { 'TLSv1.3': 'closed', 'TLSv1.2': 'closed' },
    none: 'closed',
  },
};

for (const [server, { starttls, port, start, bad, none }] of Object.entries(services))
  describe.skipIf(await lacksImages([server]))(`STARTTLS of ${server}`, () => {
    let container: StartedTestContainer;
    let endpoint: Endpoint;
    beforeAll(async () => {
      container = await start();
      endpoint = { host: container.getHost(), port: container.getMappedPort(port), servername: 'localhost', starttls };
    }, 60_000);
    afterAll(() => container?.stop());

    test.for(versions)('a valid client is accepted (%s)', async (version) => {
      const handshake = await attemptHandshake(endpoint, { identity: pki.client('test'), ...only(version) });

      expect(handshake).toBeAccepted();
      expect(handshake.protocol).toBe(version);
    });

    test.for(versions.flatMap((version) => [['unknown_ca', version] as const, ['certificate_expired', version] as const]))(
      'a bad certificate (%s) is answered as this server answers it (%s)',
      async ([alert, version]) => {
        const handshake = await attemptHandshake(endpoint, { identity: badClients[alert], ...only(version) });

        expect(outcome(handshake)).toEqual(bad[version] === 'alert' ? alert : bad[version]);
      },
    );

    test.for(versions)('no certificate is answered as this server answers it (%s)', async (version) => {
      const handshake = await attemptHandshake(endpoint, { trust: pki, ...only(version) });

      expect(outcome(handshake)).toBe(none);
    });

    test('a server of another CA is rejected by the client', async () => {
      const handshake = await attemptHandshake(endpoint, { identity: pki.client('test'), trust: others });

      expect(handshake).toBeRejected({ by: 'client', reason: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY' });
    });

    test('a request in another protocol is an error, not a verdict', async () => {
      const other = starttls === 'ldap' || starttls === 'postgres' ? 'smtp' : 'postgres';

      const attempt = attemptHandshake({ ...endpoint, starttls: other }, { identity: pki.client('test'), timeout: 2000 });

      await expect(attempt).rejects.toMatchObject({ code: 'STARTTLS_FAILED', facts: { protocol: other } });
    });
  });

describe.skipIf(await lacksImages(['postgres']))('STARTTLS of a PostgreSQL without TLS', () => {
  let started: StartedTestContainer;
  beforeAll(async () => {
    const container = new GenericContainer(imageOf('postgres')).withEnvironment({ POSTGRES_HOST_AUTH_METHOD: 'trust' });
    started = await container.withExposedPorts(5432).start();
  }, 60_000);
  afterAll(() => started?.stop());

  test('is an error that quotes the answer', async () => {
    const endpoint = { host: started.getHost(), port: started.getMappedPort(5432), starttls: 'postgres' } as const;

    const attempt = attemptHandshake(endpoint, { identity: pki.client('test') });

    await expect(attempt).rejects.toMatchObject({ code: 'STARTTLS_REFUSED', facts: { protocol: 'postgres', answer: 'N' } });
  });
});

/** Accepted, the server's alert, or how else it rejected. */
function outcome({ verdict, rejectedBy, alert, evidence }: Handshake): string {
  if (verdict === 'accepted') return verdict;
  return rejectedBy === 'server' ? (alert?.name ?? evidence) : `rejected by the ${rejectedBy}`;
}

function only(version: Version): AttemptOptions {
  return { minVersion: version, maxVersion: version };
}
