import { randomBytes } from 'node:crypto';
import type { StartedTestContainer } from 'testcontainers';
import { logInWithCertificate } from './amqp-exchange.ts';
import { crlDirectory } from './crl-directory.ts';
import { type ClientCredential, MtlsContainer, type MtlsService, type RunningCredential, StartedMtlsContainer } from './mtls-container.ts';
import type { ClientTls } from './mtls-wait.ts';
import type { ArchivedFile } from './ustar.ts';

/**
 * RabbitMQ with `fail_if_no_peer_cert`, AMQPS only: the user is the certificate's common name (SASL EXTERNAL, plugin `rabbitmq_auth_mechanism_ssl`), and no password
 * lets anybody in. CRLs are checked for every certificate below the anchor.
 */
export class MtlsRabbitmq extends MtlsContainer<StartedMtlsRabbitmq> {
  #username = 'test';

  /** An image with the entrypoint of Docker's official one. Default `rabbitmq:4`. */
  constructor(image = 'rabbitmq:4') {
    super(image);
  }

  /** The administrator that is made; the good client has its name. Default `test`. */
  withUsername(username: string): this {
    this.#username = username;
    return this;
  }

  protected override get service(): MtlsService {
    return {
      port,
      owner: { uid: 999, gid: 999 },
      user: { name: 'rabbitmq', entrypoint: ['docker-entrypoint.sh'] },
      command: ['rabbitmq-server'],
      environment: { RABBITMQ_DEFAULT_USER: this.#username, RABBITMQ_DEFAULT_PASS: randomBytes(12).toString('hex') },
      folder: 'rabbitmq',
      files: {
        'mtls.conf': '/etc/rabbitmq/conf.d/20-mtls.conf',
        'enabled_plugins.config': '/etc/rabbitmq/enabled_plugins',
        ...(this.checksRevocation && { 'advanced.config': '/etc/rabbitmq/advanced.config' }),
      },
      clientName: this.#username,
      attempt: logInWithCertificate(),
    };
  }

  protected override moreFiles(): ArchivedFile[] {
    const owner = { uid: 0, gid: 0 };
    return Object.entries(crlDirectory(this.revocationLists)).map(([name, content]) => ({
      path: `mtls/crls/${name}`,
      content,
      mode: 0o644,
      owner,
    }));
  }

  protected override started(container: StartedTestContainer, running: RunningCredential): StartedMtlsRabbitmq {
    return new StartedMtlsRabbitmq(container, running, { username: this.#username });
  }
}

/** The second argument of `connect()` of `amqplib`: for tls.connect, and the SASL mechanism that goes by the certificate. */
export interface RabbitmqClientOptions extends ClientTls {
  readonly credentials: { readonly mechanism: 'EXTERNAL'; readonly response: () => Buffer };
}

/** A RabbitMQ that runs. */
export class StartedMtlsRabbitmq extends StartedMtlsContainer {
  readonly #username: string;

  constructor(container: StartedTestContainer, running: RunningCredential, { username }: { readonly username: string }) {
    super(container, running, port);
    this.#username = username;
  }

  /** `amqps://<host>:<port>`, the first argument of `connect()` of `amqplib`. */
  getUrl(): string {
    return `amqps://${this.getHost()}:${this.getPort()}`;
  }

  getUsername(): string {
    return this.#username;
  }

  /** The second argument of `connect()` of `amqplib`: for the good client, or with the credential of another. */
  clientOptions(credential?: ClientCredential): RabbitmqClientOptions {
    return { ...this.tlsOf(credential), credentials: { mechanism: 'EXTERNAL', response: () => Buffer.alloc(0) } };
  }
}

const port = 5671;
