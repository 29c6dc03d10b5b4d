import { randomBytes } from 'node:crypto';
import type { StartedTestContainer } from 'testcontainers';
import { invalidOption } from '../../errors/index.ts';
import { type ClientCredential, MtlsContainer, type MtlsService, type RunningCredential } from '../mtls-container.ts';
import type { ClientTls, ContainerAttempt } from '../mtls-wait.ts';
import { StartedMtlsDatabase } from './database.ts';
import { exchange } from './exchange.ts';
import type { ArchivedFile } from '../material/archive.ts';

/** MySQL or MariaDB with a user without password who must present a certificate of the PKI (`REQUIRE X509`); other users are not accepted over TCP. */
export abstract class MtlsMysqlServer extends MtlsContainer<StartedMtlsMysql> {
  #database = 'test';
  #username = 'test';

  /** The database that is created. Default `test`. */
  withDatabase(database: string): this {
    this.#database = requireWord('database', database);
    return this;
  }

  /** The user that is created, for that database. Default `test`. */
  withUsername(username: string): this {
    this.#username = requireWord('username', username);
    return this;
  }

  protected abstract readonly program: string;
  /** The images of both take the names of what to create from the same variables, each with its own name before them. */
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

/** MySQL with a user who must present a certificate (`REQUIRE X509`) and has no password; the X protocol is off. */
export class MtlsMysql extends MtlsMysqlServer {
  protected override readonly program = 'mysqld';
  protected override readonly brand = 'MYSQL';

  /** An image with the entrypoint of Docker's official one. Default `mysql:9.7`. */
  constructor(image = 'mysql:9.7') {
    super(image);
  }
}

/** MariaDB with a user who must present a certificate (`REQUIRE X509`) and has no password. */
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
  /** Options of `mysql.createConnection()` of `mysql2`: for the valid client, or with another credential. */
  clientOptions(credential?: ClientCredential): MysqlClientOptions {
    const [user, database] = [this.getUsername(), this.getDatabase()];
    const ssl = { ...this.tlsOf(credential), rejectUnauthorized: true, verifyIdentity: true } as const;
    return { host: this.getHost(), port: this.getPort(), user, database, ssl };
  }
}

/** A name that is safe in an SQL statement. */
function requireWord(option: string, value: string): string {
  if (/^\w{1,32}$/u.test(value)) return value;
  throw invalidOption(option, value, 'at most 32 letters, digits and underscores');
}

/** Logs in to MySQL or MariaDB as a user without password. */
export function logIn(user: string, database: string): ContainerAttempt {
  return (connection) =>
    exchange(connection, {
      starttls: 'mysql',
      request: packet(2, handshakeResponse(user, database)), // 0 was the server's greeting, 1 the request for TLS
      judge: judgeLogin,
    });
}

/** HandshakeResponse41 of the MySQL protocol with an empty password. */
function handshakeResponse(user: string, database: string): Buffer {
  const head = Buffer.alloc(32);
  head.writeUInt32LE(capabilities, 0);
  head.writeUInt32LE(2 ** 24 - 1, 4);
  head.writeUInt8(utf8mb4, 8);
  return Buffer.concat([head, Buffer.from(`${user}\0\0${database}\0mysql_native_password\0`)]);
}

/** OK accepts; ERR says why not; a switch to another kind of authentication is answered with the empty password again. */
function judgeLogin(received: Buffer, send: (bytes: Uint8Array) => void): true | string | undefined {
  let at = 0;
  while (at + 4 < received.length) {
    const length = received.readUIntLE(at, 3);
    if (received.length < at + 4 + length) return undefined;
    const [number = 0, kind = 0] = [received[at + 3], received[at + 4]];
    const end = at + 4 + length;
    if (kind === 0x00) return true;
    if (kind === 0xff) return received.toString('utf8', at + 13, end); // after the code and the SQL state
    if (kind === 0xfe && end === received.length) send(packet(number + 1, Buffer.alloc(0)));
    at = end;
  }
  return undefined;
}

function packet(number: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUIntLE(payload.length, 0, 3);
  head.writeUInt8(number, 3);
  return Buffer.concat([head, payload]);
}

/** LONG_PASSWORD, CONNECT_WITH_DB, PROTOCOL_41, SSL, SECURE_CONNECTION, PLUGIN_AUTH. */
const capabilities = 0x1 | 0x8 | 0x200 | 0x800 | 0x8000 | 0x80000;
const utf8mb4 = 45;

const port = 3306;
