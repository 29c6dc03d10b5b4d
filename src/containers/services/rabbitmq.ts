import { randomBytes } from 'node:crypto';
import type { StartedTestContainer } from 'testcontainers';
import { exchange } from './exchange.ts';
import { crlDirectory } from '../material/crl-directory.ts';
import { type ClientCredential, MtlsContainer, type MtlsService, type RunningCredential, StartedMtlsContainer } from '../mtls-container.ts';
import type { ClientTls, ContainerAttempt } from '../mtls-wait.ts';
import type { ArchivedFile } from '../material/archive.ts';

/**
 * RabbitMQ with `fail_if_no_peer_cert`, AMQPS only: the user is the certificate's common name (SASL EXTERNAL, plugin `rabbitmq_auth_mechanism_ssl`), and no password
 * is accepted. CRLs are checked for every certificate below the anchor.
 */
export class MtlsRabbitmq extends MtlsContainer<StartedMtlsRabbitmq> {
  #username = 'test';

  /** An image with the entrypoint of Docker's official one. Default `rabbitmq:4`. */
  constructor(image = 'rabbitmq:4') {
    super(image);
  }

  /** The administrator that is created; the valid client has its name. Default `test`. */
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

/** The second argument of `connect()` of `amqplib`: for tls.connect, and the SASL mechanism that uses the certificate. */
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

  /** The second argument of `connect()` of `amqplib`: for the valid client, or with another credential. */
  clientOptions(credential?: ClientCredential): RabbitmqClientOptions {
    return { ...this.tlsOf(credential), credentials: { mechanism: 'EXTERNAL', response: () => Buffer.alloc(0) } };
  }
}

/** Logs in to an AMQP 0-9-1 broker with nothing but the client's certificate (SASL EXTERNAL): accepted when the broker goes on to tune the connection. */
export function logInWithCertificate(): ContainerAttempt {
  return (connection) => {
    let hasAnswered = false;
    return exchange(connection, {
      request: Buffer.from('AMQP\0\0\t\u0001', 'latin1'),
      judge: (received, send) => {
        if (received.length >= 4 && received.toString('latin1', 0, 4) === 'AMQP') return 'it speaks another version of AMQP';
        for (const { name, content } of methodsOf(received)) {
          if (name === connectionTune) return true;
          if (name === connectionClose) return content.toString('utf8', 3, 3 + (content[2] ?? 0));
          if (name !== connectionStart) return `it answers with the method ${name}`;
          if (!hasAnswered) send(startOk);
          hasAnswered = true;
        }
        return undefined;
      },
    });
  };
}

/** The methods whose frames are complete: class and method as `10.30`, and the arguments. */
function methodsOf(received: Buffer): { readonly name: string; readonly content: Buffer }[] {
  const methods = [];
  for (let at = 0; at + 7 < received.length;) {
    const end = at + 7 + received.readUInt32BE(at + 3);
    if (end >= received.length) break; // the octet that ends a frame has not arrived
    const payload = received.subarray(at + 7, end);
    if (received[at] === methodFrame && payload.length >= 4)
      methods.push({ name: `${payload.readUInt16BE(0)}.${payload.readUInt16BE(2)}`, content: payload.subarray(4) });
    at = end + 1;
  }
  return methods;
}

function frame(payload: Buffer): Buffer {
  const head = Buffer.from([methodFrame, 0, 0, 0, 0, 0, 0]);
  head.writeUInt32BE(payload.length, 3);
  return Buffer.concat([head, payload, Buffer.from([0xce])]);
}

function shortText(text: string): Buffer {
  return Buffer.concat([Buffer.from([Buffer.byteLength(text)]), Buffer.from(text)]);
}

function long(content: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  return Buffer.concat([length, content]);
}

const methodFrame = 1;
const [connectionStart, connectionTune, connectionClose] = ['10.10', '10.30', '10.50'];

/** With this capability the broker says why it rejects; without it, it only closes the connection. */
const startOk = frame(
  Buffer.concat([
    Buffer.from([0, 10, 0, 11]),
    long(
      Buffer.concat([
        shortText('capabilities'),
        Buffer.from('F'),
        long(Buffer.concat([shortText('authentication_failure_close'), Buffer.from('t\u0001')])),
      ]),
    ),
    shortText('EXTERNAL'),
    long(Buffer.alloc(0)),
    shortText('en_US'),
  ]),
);

const port = 5671;
