import { randomBytes } from 'node:crypto';
import type { StartedTestContainer } from 'testcontainers';
import { MtlsFixturesError } from '../errors/index.ts';
import { type ClientCredential, MtlsContainer, type MtlsService, type RunningCredential } from './mtls-container.ts';
import type { ClientTls } from './mtls-wait.ts';
import { StartedMtlsDatabase } from './started-database.ts';
import { logIn } from './mysql-exchange.ts';
import type { ArchivedFile } from './ustar.ts';

/** MySQL or MariaDB with a user without password who has to present a certificate of the PKI (`REQUIRE X509`); nobody else may come over TCP. */
abstract class MtlsMysqlServer extends MtlsContainer<StartedMtlsMysql> {
  #database = 'test';
  #username = 'test';

  /** The database that is made. Default `test`. */
  withDatabase(database: string): this {
    this.#database = requireWord('database', database);
    return this;
  }

  /** The user that is made, for that database. Default `test`. */
  withUsername(username: string): this {
    this.#username = requireWord('username', username);
    return this;
  }

  protected abstract readonly program: string;
  /** The images of both are told what to make by the same variables, each with its own name before them. */
  protected abstract readonly brand: string;

  protected override get service(): MtlsService {
    return {
      port,
      owner: { uid: 999, gid: 999 },
      user: { name: 'mysql', entrypoint: ['docker-entrypoint.sh'] },
      command: [this.program],
      environment: {
        [`${this.brand}_ROOT_PASSWORD`]: randomBytes(12).toString('hex'),
        [`${this.brand}_ROOT_HOST`]: 'localhost',
        [`${this.brand}_DATABASE`]: this.#database,
      },
      folder: 'mariadb',
      files: {
        'mtls.cnf': '/etc/mysql/conf.d/mtls.cnf',
        ...(this.checksRevocation && { 'crl.cnf': '/etc/mysql/conf.d/mtls-crl.cnf' }),
      },
      clientName: this.#username,
      attempt: logIn(this.#username, this.#database),
    };
  }

  protected override moreFiles(): ArchivedFile[] {
    const [user, database] = [this.#username, this.#database];
    const sql = `CREATE USER '${user}'@'%' REQUIRE X509;\nGRANT ALL ON \`${database}\`.* TO '${user}'@'%';\n`;
    return [{ path: 'docker-entrypoint-initdb.d/mtls.sql', content: sql, mode: 0o644, owner: { uid: 0, gid: 0 } }];
  }

  protected override started(container: StartedTestContainer, running: RunningCredential): StartedMtlsMysql {
    return new StartedMtlsMysql(container, running, { port, names: { database: this.#database, username: this.#username } });
  }
}

/** MySQL with a user who has to present a certificate (`REQUIRE X509`) and has no password. */
export class MtlsMysql extends MtlsMysqlServer {
  protected override readonly program = 'mysqld';
  protected override readonly brand = 'MYSQL';

  /** An image with the entrypoint of Docker's official one. Default `mysql:8.4`. */
  constructor(image = 'mysql:8.4') {
    super(image);
  }
}

/** MariaDB with a user who has to present a certificate (`REQUIRE X509`) and has no password. */
export class MtlsMariadb extends MtlsMysqlServer {
  protected override readonly program = 'mariadbd';
  protected override readonly brand = 'MARIADB';

  /** An image with the entrypoint of Docker's official one. Default `mariadb:11`. */
  constructor(image = 'mariadb:11') {
    super(image);
  }
}

/** What `mysql2` takes; its `ssl` goes to tls.createSecureContext, and the host's name is verified. */
export interface MysqlClientOptions {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
  readonly ssl: ClientTls & { readonly rejectUnauthorized: true; readonly verifyIdentity: true };
}

/** A MySQL or MariaDB that runs. */
export class StartedMtlsMysql extends StartedMtlsDatabase {
  /** Options of `mysql.createConnection()` of `mysql2`: for the good client, or with the credential of another. */
  clientOptions(credential?: ClientCredential): MysqlClientOptions {
    const [user, database] = [this.getUsername(), this.getDatabase()];
    const ssl = { ...this.tlsOf(credential), rejectUnauthorized: true, verifyIdentity: true } as const;
    return { host: this.getHost(), port: this.getPort(), user, database, ssl };
  }
}

/** What goes into a statement that creates it. */
function requireWord(option: string, value: string): string {
  if (/^\w{1,32}$/u.test(value)) return value;
  throw new MtlsFixturesError('OPTION_INVALID', { option, value, expected: 'at most 32 letters, digits and underscores' });
}

const port = 3306;
