import { type ClientCredential, StartedMtlsContainer } from '../../mtls-container.ts';
import type { ClientTls, ContainerAttempt } from '../../mtls-wait.ts';
import { exchange } from '../exchange.ts';

/** A web server that runs. */
export abstract class StartedMtlsWebServer extends StartedMtlsContainer {
  /** `https://<host>:<port>` */
  getUrl(): string {
    return `https://${this.getHost()}:${this.getPort()}`;
  }

  /** Options of `new undici.Agent()`: for the valid client, or with another credential. What is in `connect` suits https.request and others. */
  clientOptions(credential?: ClientCredential): { readonly connect: ClientTls } {
    return { connect: this.tlsOf(credential) };
  }
}

/** Asks an HTTP server for a page over mutual TLS: accepted with an answer below 400, since many servers reject only after the handshake. */
export function getPage(path: string): ContainerAttempt {
  return (connection) =>
    exchange(connection, {
      request: `GET ${path} HTTP/1.1\r\nHost: ${connection.host}\r\nConnection: close\r\n\r\n`,
      judge: (received) => {
        const [, status] = /^HTTP\/1\.[01] (\d{3})[^\n]*\n/u.exec(received.toString('latin1')) ?? [];
        if (status === undefined) return received.length > 100 ? 'it does not speak HTTP' : undefined;
        return Number(status) < 400 ? true : `HTTP status ${status}`;
      },
    });
}
