import type { StartedTestContainer } from 'testcontainers';
import { invalidOption } from '../../errors/index.ts';
import { type OptionSchema, oneOf, requireOptionsOf } from '../../options/schema.ts';
import type { ArchivedFile } from '../material/archive.ts';
import { MtlsContainer, type MtlsService, type RunningCredential } from '../mtls-container.ts';
import { namedUsers } from './named-users.ts';
import { ping, StartedMtlsKeyValueStore } from './key-value.ts';

/** How a certificate names a user of Valkey. */
export interface ValkeyUserOptions {
  /** The common name, or a URI of the subjectAltName, which needs Valkey 9.1. Default `CN`. */
  readonly field?: 'CN' | 'URI';
}

/**
 * Valkey whose only port speaks TLS to clients with a certificate (`tls-auth-clients yes`): every one is the default user, who may do all, unless `withUsers` names users.
 * It checks no CRLs: asking for them throws `OPTION_INVALID`.
 */
export class MtlsValkey extends MtlsContainer<StartedMtlsValkey> {
  #users: Readonly<Record<string, string>> = {};
  #field: 'CN' | 'URI' = 'CN';

  /** An image with the entrypoint of Valkey's official one. Default `valkey/valkey:9`. */
  constructor(image = 'valkey/valkey:9') {
    super(image);
  }

  /**
   * Users by the name in their certificate, each with its ACL rules, e.g. `{ alice: '~* &* +@all', bob: '~* +get' }` (`tls-auth-clients-user`, Valkey 9). The default user is
   * off: commands of a client whose name is not among them are answered by `NOAUTH`. The valid client is the first of them. Throws `OPTION_INVALID`.
   */
  withUsers(users: Readonly<Record<string, string>>, options: ValkeyUserOptions = {}): this {
    requireOptionsOf(userSchema, options);
    requireUsers(users);
    this.#users = users;
    this.#field = options.field ?? 'CN';
    return this;
  }

  protected override get service(): MtlsService {
    const [first] = Object.keys(this.#users);
    return {
      port,
      owner: { uid: 999, gid: 999 },
      user: { name: 'valkey', entrypoint: ['docker-entrypoint.sh'] },
      command: ['valkey-server', '/etc/valkey/mtls.conf'],
      folder: 'valkey',
      files: { 'mtls.conf': '/etc/valkey/mtls.conf' },
      ...(this.#field === 'URI' && first !== undefined
        ? { clientName: 'client', clientLeaf: { uri: first } }
        : { clientName: first ?? 'client' }),
      withoutCrl: 'Valkey checks no CRLs',
      attempt: ping,
    };
  }

  protected override moreFiles(): ArchivedFile[] {
    const users = Object.entries(this.#users);
    const lines = users.map(([name, rules]) => `user ${name} on ${rules}\n`);
    const content = lines.length === 0 ? '' : `tls-auth-clients-user ${this.#field}\nuser default off\n${lines.join('')}`;
    return [{ path: 'etc/valkey/users.conf', content, mode: 0o644, owner: { uid: 0, gid: 0 } }];
  }

  protected override started(container: StartedTestContainer, running: RunningCredential): StartedMtlsValkey {
    return new StartedMtlsValkey(container, running, port);
  }
}

/** A Valkey that runs. */
export class StartedMtlsValkey extends StartedMtlsKeyValueStore {}

const userSchema = { what: 'withUsers option', own: { field: oneOf(['CN', 'URI']) } } satisfies OptionSchema;

/** Each becomes a line of the configuration, whose words are separated by blanks and may be quoted. */
function requireUsers(users: unknown): void {
  for (const [name, rules] of namedUsers(users, '[name]: ACL rules')) {
    if (name === 'default' || !/^[^\s\0"'\\]+$/u.test(name))
      throw invalidOption('users', name, 'names without blanks, quotes and backslashes, other than "default"');
    if (typeof rules !== 'string' || /[\r\n\0"'\\]/u.test(rules)) throw invalidOption(name, rules, 'ACL rules on one line, without quotes');
  }
}

const port = 6379;
