import type { AttemptFunction } from 'mtls-fixtures/scenarios';
import { describeReloadUnderTest, type ReloadSource } from 'mtls-fixtures/vitest';
import { Client } from 'pg';
import { GenericContainer, type StartedTestContainer, Wait } from 'testcontainers';
import { Agent, request } from 'undici';
import { describe } from 'vitest';
import { imageOf, lacksImages } from '../containers/images.ts';

const [nginxImage, postgresImage] = [imageOf('nginx'), imageOf('postgres')];

/** A worker of before answers the request that it has, and ends its other connections. */
const endsIdleConnections = {
  'lifetime-idle-after-reload': { verdict: 'rejected', by: 'server' },
  'lifetime-anchor-removed': { verdict: 'rejected', by: 'server' },
  'lifetime-certificate-revoked': { verdict: 'rejected', by: 'server' },
} as const;

describe.skipIf(await lacksImages(['nginx']))('the guide to reloads, with nginx in a container', () => {
  // #region nginx
  let nginx: StartedTestContainer | undefined;

  const source: ReloadSource = {
    start: async ({ files, trustFile, crlFile }) => {
      const config = `server { listen 8443 ssl; ssl_certificate ${files.cert}; ssl_certificate_key ${files.key}; ssl_protocols TLSv1.2 TLSv1.3;
        ssl_verify_client on; ssl_verify_depth 4; ssl_client_certificate ${trustFile}; ssl_crl ${crlFile}; return 200 ok; }`;
      const started = await new GenericContainer(nginxImage)
        .withBindMounts([{ source: files.directory, target: files.directory, mode: 'ro' }])
        .withCopyContentToContainer([{ content: config, target: '/etc/nginx/conf.d/service.conf' }])
        .withCommand(['sh', '-c', 'nginx -g "daemon off;" || sleep 1']) // of a container that ends at once, Testcontainers awaits the ports for 10 seconds
        .withExposedPorts(8443)
        .start();
      nginx = started;
      return { host: started.getHost(), port: started.getMappedPort(8443), close: () => started.stop() };
    },
    reload: () => nginx?.exec(['nginx', '-s', 'reload']),
    within: 3000,
  };

  const getPage: AttemptFunction = async (tls) => {
    const dispatcher = new Agent({ connect: { ...tls, servername: 'localhost' } });
    const { statusCode } = await request(`https://${nginx?.getHost()}:${nginx?.getMappedPort(8443)}`, { dispatcher });
    await dispatcher.destroy();
    if (statusCode !== 200) throw new Error(`status ${statusCode}`); // nginx refuses clients after the handshake
  };

  describeReloadUnderTest('nginx', source, { attempt: getPage, tiers: ['core', 'varies'], expected: endsIdleConnections });
  // #endregion
});

describe.skipIf(await lacksImages(['postgres']))('the guide to reloads, with PostgreSQL in a container', () => {
  // #region postgres
  let postgres: StartedTestContainer | undefined;

  const source: ReloadSource = {
    start: async ({ files: { directory, key, cert }, trustFile, crlFile }) => {
      // PostgreSQL reads a key that is its own: the files are copied to the path that they have on the host.
      const copy = `rm -rf ${directory} && mkdir -p ${directory} && cp -RL /from-host/. ${directory} && chown -R postgres ${directory}`;
      const settings = { ssl: 'on', ssl_key_file: key, ssl_cert_file: cert, ssl_ca_file: trustFile, ssl_crl_file: crlFile };
      const started = await new GenericContainer(postgresImage)
        .withBindMounts([{ source: directory, target: '/from-host', mode: 'ro' }])
        .withCopyContentToContainer([
          { content: copy, target: '/copy-files.sh' },
          { content: 'local all all trust\nhostssl all all all cert\n', target: '/pg_hba.conf' },
        ])
        .withEntrypoint(['sh', '-c', 'sh /copy-files.sh && exec docker-entrypoint.sh "$@"', 'sh'])
        .withCommand(['postgres', '--hba_file=/pg_hba.conf', ...Object.entries(settings).map(([name, value]) => `--${name}=${value}`)])
        .withEnvironment({ POSTGRES_USER: 'client', POSTGRES_HOST_AUTH_METHOD: 'trust', POSTGRES_INITDB_ARGS: '--no-sync' })
        .withExposedPorts(5432)
        .withWaitStrategy(Wait.forSuccessfulCommand('pg_isready --host 127.0.0.1'))
        .start();
      postgres = started;
      return { host: started.getHost(), port: started.getMappedPort(5432), starttls: 'postgres', close: () => started.stop() };
    },
    reload: () => postgres?.exec(['sh', '-c', 'sh /copy-files.sh && psql --username client --command "select pg_reload_conf()"']),
    within: 5000,
  };

  const logIn: AttemptFunction = async (tls) => {
    const ssl = { ...tls, servername: 'localhost' };
    const client = new Client({ host: postgres?.getHost(), port: postgres?.getMappedPort(5432), user: 'client', ssl });
    await client.connect();
    await client.end();
  };

  describeReloadUnderTest('PostgreSQL', source, {
    attempt: logIn,
    login: '\0\0\0\x15\0\x03\0\0user\0client\0\0', // StartupMessage
    exchange: 'Q\0\0\0\x0dselect 1\0',
    tiers: ['core', 'varies'],
    timeout: 15_000, // two scenarios start it four times
  });
  // #endregion
});
