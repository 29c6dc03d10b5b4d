import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { MtlsContainer, StartedMtlsContainer } from '../../src/containers/mtls-container.ts';
import { MtlsMosquitto } from '../../src/containers/services/mosquitto.ts';
import { MtlsMariadb } from '../../src/containers/services/mysql.ts';
import { MtlsPostgres, type StartedMtlsPostgres } from '../../src/containers/services/postgres.ts';
import { MtlsRabbitmq } from '../../src/containers/services/rabbitmq.ts';
import { MtlsRedis } from '../../src/containers/services/redis.ts';
import { MtlsHaproxy } from '../../src/containers/services/web/haproxy.ts';
import { MtlsNginx } from '../../src/containers/services/web/nginx.ts';
import { attemptHandshake, createPki } from '../../src/index.ts';
import type { ScenarioId, Stack } from '../../src/scenarios/index.ts';
import { describeServerUnderTest } from '../../src/vitest/index.ts';
import { divergencesOf } from './divergences.ts';
import { imageOf, lacksImages } from './images.ts';

const pki = createPki();
const versions = ['TLSv1.3', 'TLSv1.2'] as const;

/** Of those that the older versions meet as a whole, the ones in which TLS libraries and their versions differ, and a few in which none may. */
const scenarios: readonly ScenarioId[] = [
  'valid',
  'expired-leaf',
  'self-signed-leaf',
  'no-client-certificate',
  'intermediate-no-bc-no-ku',
  'duplicate-extension',
  'validity-malformed-date',
  'malformed-basic-constraints',
  'nc-othername-excluded',
  'signature-algorithm-unknown',
  'leaf-rsa-md5',
  'leaf-dsa',
  'leaf-ec-p192',
  'leaf-ec-explicit-params',
  'leaf-large-120kb',
  'chain-depth-105',
];

interface CurrentServer {
  readonly create: (image: string) => MtlsContainer<StartedMtlsContainer>;
  /** A command, and what it has to answer. */
  readonly version: readonly [string, RegExp];
  readonly stack?: Stack;
}

const servers: Readonly<Record<string, CurrentServer>> = {
  nginx: { create: (image) => new MtlsNginx(image), version: ['nginx -v 2>&1', /nginx\/1\.30\./u] },
  haproxy: { create: (image) => new MtlsHaproxy(image), version: ['haproxy -v', /version 3\.2\./u] },
  redis: { create: (image) => new MtlsRedis(image), version: ['redis-server --version', /v=8\.0\./u] },
  mosquitto: { create: (image) => new MtlsMosquitto(image), version: ['mosquitto -h', /version 2\.1\./u] },
  rabbitmq: {
    create: (image) => new MtlsRabbitmq(image).withUsername('client'),
    version: ['rabbitmqctl version', /^4\.3\./u],
    stack: 'erlang',
  },
  mariadb: { create: (image) => new MtlsMariadb(image), version: ['mariadbd --version', /11\.8\./u] },
  postgres: { create: (image) => new MtlsPostgres(image).withUsername('client'), version: ['postgres --version', /\(PostgreSQL\) 18\./u] },
};

for (const [name, { create, version, stack = 'openssl' }] of Object.entries(servers))
  describe.skipIf(await lacksImages([name], 'current'))(`${name} in its current version`, () => {
    const container = create(imageOf(name, 'current')).withPki(pki);
    let server: StartedMtlsContainer;
    beforeAll(async () => {
      server = await container.start();
    }, 120_000);
    afterAll(() => server?.stop());

    test('is the version that the docs name', async () => {
      const [command, answer] = version;
      const { output } = await server.exec(['sh', '-c', command]);

      expect(output).toMatch(answer);
    });

    // The wrapper's own: each uses the service once.
    const { attempt } = container['service'];
    for (const tlsVersion of versions)
      describeServerUnderTest(
        name,
        { attempt: (tls) => attempt({ host: server.getHost(), port: server.getPort(), tls }) },
        {
          pki,
          stack,
          only: scenarios,
          versions: [tlsVersion],
          expected: divergencesOf(name, tlsVersion, 'divergences-current.json'),
        },
      );
  });

describe.skipIf(await lacksImages(['postgres'], 'current'))('PostgreSQL 18 and ALPN', () => {
  let postgres: StartedMtlsPostgres;
  beforeAll(async () => {
    postgres = await new MtlsPostgres(imageOf('postgres', 'current')).withPki(pki).start();
  }, 120_000);
  afterAll(() => postgres?.stop());

  // Measured with 18.6: a name that is longer than its own is not refused.
  test.for([
    ['postgresql', { verdict: 'accepted', alpn: 'postgresql' }],
    ['other', { verdict: 'rejected', rejectedBy: 'server', alert: { name: 'no_application_protocol' } }],
    ['longer-than-its-own', { verdict: 'accepted' }],
  ] as const)('a client that offers %s', async ([protocol, outcome]) => {
    const endpoint = { host: postgres.getHost(), port: postgres.getPort(), starttls: 'postgres' } as const;
    const handshake = await attemptHandshake(endpoint, { identity: pki.client('test'), ALPNProtocols: [protocol], timeout: 30_000 });

    expect(handshake).toMatchObject(outcome);
  });
});
