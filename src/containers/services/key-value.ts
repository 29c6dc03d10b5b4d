import { type ClientCredential, StartedMtlsContainer } from '../mtls-container.ts';
import type { ClientTls, ContainerAttempt } from '../mtls-wait.ts';
import { exchange } from './exchange.ts';

/** What `ioredis`, and `iovalkey`, which was made from it, take. */
export interface RedisClientOptions {
  readonly host: string;
  readonly port: number;
  readonly tls: ClientTls;
}

/** A Redis or Valkey that runs. */
export abstract class StartedMtlsKeyValueStore extends StartedMtlsContainer {
  /** Options of `new Redis()` of `ioredis` or `iovalkey`: for the valid client, or with another credential. */
  clientOptions(credential?: ClientCredential): RedisClientOptions {
    return { host: this.getHost(), port: this.getPort(), tls: this.tlsOf(credential) };
  }
}

/** Sends PING. A simple string accepts, and so does NOPERM, the answer to a user that may not do this; another error says why not, e.g. that the data is still being loaded. */
export const ping: ContainerAttempt = (connection) =>
  exchange(connection, {
    request: 'PING\r\n',
    judge: (received) => {
      const [line] = received.toString('utf8').split('\r\n', 1);
      if (!received.includes('\r\n') || line === undefined) return undefined;
      return line === '+PONG' || line.startsWith('-NOPERM ') ? true : line;
    },
  });
