import type { StartedTestContainer } from 'testcontainers';
import { invalidOption } from '../../errors/index.ts';
import { textList } from '../../options/checks.ts';
import { type OptionSchema, oneOf, requireOptionsOf } from '../../options/schema.ts';
import type { LeafOptions } from '../../pki/leaf-options.ts';
import type { ArchivedFile } from '../material/archive.ts';
import { type ClientCredential, MtlsContainer, type MtlsService, type RunningCredential, StartedMtlsContainer } from '../mtls-container.ts';
import type { ClientTls, ContainerAttempt } from '../mtls-wait.ts';
import { namedUsers } from './named-users.ts';
import { exchange } from './exchange.ts';

/** The subjects of messages, wildcards included, that a user may publish to and subscribe to; all where they are left out. */
export interface NatsPermissions {
  readonly publish?: string | readonly string[];
  readonly subscribe?: string | readonly string[];
}

/** How a certificate names a user of NATS. */
export interface NatsUserOptions {
  /** The common name, which has to be the whole subject, or one of the subjectAltNames. Default `CN`. */
  readonly field?: 'CN' | 'email' | 'DNS' | 'URI';
}

/**
 * NATS with `verify_and_map`: the user is the one that a client's certificate names, and no password is accepted. Its server reads no CRLs: asking for them throws
 * `OPTION_INVALID`.
 */
export class MtlsNats extends MtlsContainer<StartedMtlsNats> {
  #users: Readonly<Record<string, NatsPermissions>> = { client: {} };
  #field: NonNullable<NatsUserOptions['field']> = 'CN';

  /** An image whose entrypoint starts nats-server with the arguments it is given. Default `nats:2`. */
  constructor(image = 'nats:2') {
    super(image);
  }

  /** The users by the name in their certificate, each with what it may do; the valid client is the first of them. Default `{ client: {} }`. Throws `OPTION_INVALID`. */
  withUsers(users: Readonly<Record<string, NatsPermissions>>, options: NatsUserOptions = {}): this {
    requireOptionsOf(userSchema, options);
    requireUsers(users);
    this.#users = users;
    this.#field = options.field ?? 'CN';
    return this;
  }

  protected override get service(): MtlsService {
    const [first = ''] = Object.keys(this.#users);
    return {
      port,
      owner: { uid: 0, gid: 0 },
      command: ['--config', '/etc/nats/mtls.conf'],
      folder: 'nats',
      files: { 'mtls.conf': '/etc/nats/mtls.conf' },
      ...(this.#field === 'CN' ? { clientName: first } : { clientName: 'client', clientLeaf: leafOf(this.#field, first) }),
      withoutCrl: 'NATS reads no CRLs',
      attempt: connectToNats,
    };
  }

  protected override moreFiles(): ArchivedFile[] {
    const users = Object.entries(this.#users).map(([name, { publish, subscribe }]) => ({
      user: this.#field === 'CN' ? `CN=${name}` : name,
      permissions: {
        ...(publish !== undefined && { publish: textList('publish', publish) }),
        ...(subscribe !== undefined && { subscribe: textList('subscribe', subscribe) }),
      },
    }));
    const content = `users: ${JSON.stringify(users)}\n`; // of JSON NATS's own format takes all that is used here
    return [{ path: 'etc/nats/users.conf', content, mode: 0o644, owner: { uid: 0, gid: 0 } }];
  }

  protected override started(container: StartedTestContainer, running: RunningCredential): StartedMtlsNats {
    return new StartedMtlsNats(container, running, port);
  }
}

/** What `connect()` of `@nats-io/transport-node`, and of the older `nats`, takes. */
export interface NatsClientOptions {
  readonly servers: string;
  readonly tls: ClientTls;
}

/** A NATS server that runs. */
export class StartedMtlsNats extends StartedMtlsContainer {
  /** Options of `connect()` of `@nats-io/transport-node` or `nats`: for the valid client, or with another credential. */
  clientOptions(credential?: ClientCredential): NatsClientOptions {
    return { servers: `${this.getHost()}:${this.getPort()}`, tls: this.tlsOf(credential) };
  }
}

/** CONNECT and PING: accepted with PONG; `-ERR` says why not, e.g. that the certificate names no user. */
const connectToNats: ContainerAttempt = (connection) =>
  exchange(connection, {
    starttls: 'nats',
    request: `CONNECT ${JSON.stringify({ verbose: false, pedantic: false, tls_required: true, lang: 'mtls-fixtures', version: '0' })}\r\nPING\r\n`,
    judge: (received) => {
      const lines = received.toString('utf8').split('\r\n').slice(0, -1);
      const answer = lines.find((line) => line === 'PONG' || line.startsWith('-ERR'));
      return answer === 'PONG' ? true : answer;
    },
  });

function leafOf(field: 'email' | 'DNS' | 'URI', name: string): LeafOptions {
  if (field === 'email') return { email: name };
  return field === 'DNS' ? { dns: name } : { uri: name };
}

const userSchema = { what: 'withUsers option', own: { field: oneOf(['CN', 'email', 'DNS', 'URI']) } } satisfies OptionSchema;
const permissionSchema = { what: 'permission', own: { publish: requireSubjects, subscribe: requireSubjects } } satisfies OptionSchema;

/** Names that NATS would compare in an escaped form, or that would need one in its configuration, are refused. */
function requireUsers(users: unknown): void {
  for (const [name, permissions] of namedUsers(users, '[name]: { publish?, subscribe? }')) {
    if (!/^[^\s\p{C}"\\,+=<>;#$]+(?: [^\s\p{C}"\\,+=<>;#$]+)*$/u.test(name))
      throw invalidOption('users', name, 'names without , + = < > ; # $ quotes and backslashes');
    requireOptionsOf(permissionSchema, permissions);
  }
}

function requireSubjects(option: string, value: unknown): void {
  for (const subject of textList(option, value as string | readonly string[]))
    // refuses all else
    if (!/^[^\s\p{C}"\\]+$/u.test(subject))
      throw invalidOption(option, subject, 'subjects of messages, without blanks, quotes and backslashes');
}

const port = 4222;
