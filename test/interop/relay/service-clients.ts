import { MtlsMariadb, MtlsMysql, MtlsPostgres, MtlsRedis } from '../../../src/containers/index.ts';
import type { TlsVersion } from '../../../src/scenarios/catalogue/scenario.ts';
import { imageOf } from '../../containers/images.ts';

/** A call of the command-line client that is in the image of its server. */
interface ServiceCall {
  readonly host: string;
  readonly port: number;
  readonly version: TlsVersion;
  /** Whether there are a certificate and a key to present. */
  readonly presents: boolean;
}

/** A server and its client. */
export interface ServiceClient {
  readonly image: string;
  readonly create: () => MtlsMariadb | MtlsMysql | MtlsPostgres | MtlsRedis;
  readonly startsInClear: boolean;
  readonly command: (call: ServiceCall) => string[];
}

/** Where the client finds its files in the container. */
export const clientFolder = '/tmp/client';

const [ca, cert, key] = ['ca.pem', 'cert.pem', 'key.pem'].map((name) => `${clientFolder}/${name}`);

export const serviceClients = {
  'psql and PostgreSQL': {
    image: 'postgres',
    create: () => new MtlsPostgres(imageOf('postgres')),
    startsInClear: true,
    command: ({ host, port, version, presents }) => [
      'psql',
      `host=${host} port=${port} user=test dbname=test sslmode=verify-full sslrootcert=${ca} sslcert=${presents ? cert : '/none'} sslkey=${presents ? key : '/none'} ssl_min_protocol_version=${version} ssl_max_protocol_version=${version}`,
      '-c',
      'select 1',
    ],
  },
  'mariadb and MariaDB': {
    image: 'mariadb',
    create: () => new MtlsMariadb(imageOf('mariadb')),
    startsInClear: true,
    command: (call) => ['mariadb', '--ssl', '--ssl-verify-server-cert', ...mysqlOptions(call)],
  },
  'mysql and MySQL': {
    image: 'mysql',
    create: () => new MtlsMysql(imageOf('mysql')),
    startsInClear: true,
    command: (call) => ['mysql', '--ssl-mode=VERIFY_IDENTITY', ...mysqlOptions(call)],
  },
  'redis-cli and Redis': {
    image: 'redis',
    create: () => new MtlsRedis(imageOf('redis')),
    startsInClear: false,
    // It has no option for the version.
    command: ({ host, port, version, presents }) => [
      'env',
      `OPENSSL_CONF=${clientFolder}/${version}.cnf`,
      'redis-cli',
      '-h',
      host,
      '-p',
      String(port),
      '--sni',
      host,
      '--tls',
      '--cacert',
      `${ca}`,
      ...(presents ? ['--cert', `${cert}`, '--key', `${key}`] : []),
      'PING',
    ],
  },
} as const satisfies Readonly<Record<string, ServiceClient>>;

function mysqlOptions({ host, port, version, presents }: ServiceCall): string[] {
  const presented = presents ? [`--ssl-cert=${cert}`, `--ssl-key=${key}`] : [];
  return ['-h', host, '-P', String(port), '-u', 'test', `--ssl-ca=${ca}`, ...presented, `--tls-version=${version}`, '-e', 'select 1'];
}

/** Has a program on OpenSSL speak this version alone. */
export function opensslConfiguration(version: TlsVersion): string {
  return `openssl_conf = all\n[all]\nssl_conf = ssl\n[ssl]\nsystem_default = tls\n[tls]\nMinProtocol = ${version}\nMaxProtocol = ${version}\n`;
}
