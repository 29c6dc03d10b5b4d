import { type ClientCredential, StartedMtlsContainer } from './mtls-container.ts';
import type { ClientTls } from './mtls-wait.ts';

/** A web server that runs. */
export abstract class StartedMtlsWebServer extends StartedMtlsContainer {
  /** `https://<host>:<port>` */
  getUrl(): string {
    return `https://${this.getHost()}:${this.getPort()}`;
  }

  /** Options of `new undici.Agent()`: for the good client, or with the credential of another. What is in `connect` suits https.request and others. */
  clientOptions(credential?: ClientCredential): { readonly connect: ClientTls } {
    return { connect: this.tlsOf(credential) };
  }
}
