import type { StartedTestContainer } from 'testcontainers';
import { exchange } from './exchange.ts';
import { type ClientCredential, MtlsContainer, type MtlsService, type RunningCredential, StartedMtlsContainer } from '../mtls-container.ts';
import type { ClientTls } from '../mtls-wait.ts';

/** Redis whose only port speaks TLS to clients with a certificate (`tls-auth-clients yes`). It checks no CRLs: asking for them throws `OPTION_INVALID`. */
export class MtlsRedis extends MtlsContainer<StartedMtlsRedis> {
  /** An image with the entrypoint of Docker's official one. Default `redis:7`. */
  constructor(image = 'redis:7') {
    super(image);
  }

  protected override get service(): MtlsService {
    return {
      port,
      owner: { uid: 999, gid: 999 },
      user: { name: 'redis', entrypoint: ['docker-entrypoint.sh'] },
      command: ['redis-server', '/etc/redis/mtls.conf'],
      folder: 'redis',
      files: { 'mtls.conf': '/etc/redis/mtls.conf' },
      clientName: 'client',
      withoutCrl: 'Redis checks no CRLs',
      attempt: (connection) => exchange(connection, { request: 'PING\r\n', judge: judgePong }),
    };
  }

  protected override started(container: StartedTestContainer, running: RunningCredential): StartedMtlsRedis {
    return new StartedMtlsRedis(container, running, port);
  }
}

/** What `ioredis` takes. */
export interface RedisClientOptions {
  readonly host: string;
  readonly port: number;
  readonly tls: ClientTls;
}

/** A Redis that runs. */
export class StartedMtlsRedis extends StartedMtlsContainer {
  /** Options of `new Redis()` of `ioredis`: for the valid client, or with another credential. */
  clientOptions(credential?: ClientCredential): RedisClientOptions {
    return { host: this.getHost(), port: this.getPort(), tls: this.tlsOf(credential) };
  }
}

/** A simple string accepts; an error says why not, e.g. that the data is still being loaded. */
function judgePong(received: Buffer): true | string | undefined {
  const [line] = received.toString('utf8').split('\r\n', 1);
  if (!received.includes('\r\n') || line === undefined) return undefined;
  return line === '+PONG' ? true : line;
}

const port = 6379;
