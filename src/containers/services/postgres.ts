import type { StartedTestContainer } from 'testcontainers';
import { exchange } from './exchange.ts';
import { type ClientCredential, MtlsContainer, type MtlsService, type RunningCredential } from '../mtls-container.ts';
import type { ClientTls } from '../mtls-wait.ts';
import { StartedMtlsDatabase } from './database.ts';

/** PostgreSQL that accepts no client over TCP without a certificate whose common name is the user's (`cert`, which is `clientcert=verify-full`). */
export class MtlsPostgres extends MtlsContainer<StartedMtlsPostgres> {
  #database = 'test';
  #username = 'test';

  /** An image with the entrypoint of Docker's official one. Default `postgres:17`. */
  constructor(image = 'postgres:17') {
    super(image);
  }

  /** The database that is created. Default `test`. */
  withDatabase(database: string): this {
    this.#database = database;
    return this;
  }

  /** The superuser that is created; the valid client has its name. Default `test`. */
  withUsername(username: string): this {
    this.#username = username;
    return this;
  }

  protected override get service(): MtlsService {
    const [user, database] = [this.#username, this.#database];
    return {
      port,
      owner: { uid: 999, gid: 999 },
      user: { name: 'postgres', entrypoint: ['docker-entrypoint.sh'] },
      command: ['postgres', ...settings, ...(this.checksRevocation ? ['-c', 'ssl_crl_file=/mtls/ca.crl'] : [])],
      environment: { POSTGRES_USER: user, POSTGRES_DB: database, POSTGRES_HOST_AUTH_METHOD: 'trust' },
      folder: 'postgres',
      files: { 'pg_hba.conf': '/etc/postgresql/pg_hba.conf' },
      clientName: user,
      attempt: (connection) =>
        exchange(connection, {
          starttls: 'postgres',
          request: startupMessage({ user, database }),
          judge: judgeAuthentication,
        }),
    };
  }

  protected override started(container: StartedTestContainer, running: RunningCredential): StartedMtlsPostgres {
    return new StartedMtlsPostgres(container, running, { port, names: { database: this.#database, username: this.#username } });
  }
}

/** What `pg` takes; its `ssl` goes to tls.connect. */
export interface PostgresClientOptions {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
  readonly ssl: ClientTls;
}

/** A PostgreSQL that runs. */
export class StartedMtlsPostgres extends StartedMtlsDatabase {
  /** Options of `new pg.Client()`: for the valid client, or with another credential. */
  clientOptions(credential?: ClientCredential): PostgresClientOptions {
    const [user, database] = [this.getUsername(), this.getDatabase()];
    return { host: this.getHost(), port: this.getPort(), user, database, ssl: this.tlsOf(credential) };
  }
}

/** PostgreSQL's protocol 3.0: StartupMessage. */
function startupMessage(parameters: Readonly<Record<string, string>>): Buffer {
  const text = Object.entries(parameters).flatMap(([name, value]) => [`${name}\0`, `${value}\0`]);
  const body = Buffer.from(`${text.join('')}\0`);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(body.length + 8, 0);
  head.writeUInt32BE(3 << 16, 4);
  return Buffer.concat([head, body]);
}

/** AuthenticationOk accepts; ErrorResponse says why not (its field M); any other authentication request asks for more than the certificate. */
function judgeAuthentication(received: Buffer): true | string | undefined {
  if (received.length < 9 || received.length < 1 + received.readUInt32BE(1)) return undefined;
  const kind = String.fromCharCode(received[0] ?? 0);
  if (kind === 'R' && received.readUInt32BE(5) === 0) return true;
  if (kind !== 'E') return 'it asks for more than a certificate';
  const fields = received.toString('utf8', 5).split('\0');
  return fields.find((field) => field.startsWith('M'))?.slice(1) ?? 'refused without a message';
}

const port = 5432;

const settings = [
  'hba_file=/etc/postgresql/pg_hba.conf',
  'ssl=on',
  'ssl_cert_file=/mtls/tls.crt',
  'ssl_key_file=/mtls/tls.key',
  'ssl_ca_file=/mtls/ca.crt',
].flatMap((setting) => ['-c', setting]);
