import type http from 'node:http';
import { invalidOption, typeName } from '../errors/index.ts';
import { type Authority, isAuthority } from '../pki/authority.ts';
import { gettersOf, makeComparable, original } from '../pki/comparable.ts';
import { caIssuersPath, crlPath, ocspPath } from './answer-request.ts';
import type { RevocationRequest } from './revocation-request.ts';

/** What a {@link RevocationServer} is made of, beside its HTTP server. */
interface RevocationServerParts {
  readonly url: string;
  readonly authorities: Map<string, Authority>;
  readonly requests: readonly RevocationRequest[];
}

/** The revocation server on an HTTP server that listens. */
export function revocationServerOn(server: http.Server, parts: RevocationServerParts): RevocationServer {
  return create(server, parts);
}

let create: (server: http.Server, parts: RevocationServerParts) => RevocationServer;

/** A plain HTTP server on which a PKI publishes what it has revoked. `startRevocationServer()` starts one. Close it, or hold it with `await using`. */
export class RevocationServer {
  static {
    create = (server: http.Server, parts: RevocationServerParts): RevocationServer => new RevocationServer(server, parts);
  }

  static readonly #shown: PropertyDescriptorMap = gettersOf(RevocationServer.prototype, ['url']);
  readonly #server: http.Server;
  readonly #base: string;
  readonly #authorities: Map<string, Authority>;
  readonly #requests: readonly RevocationRequest[];
  #closing: Promise<void> | undefined;

  private constructor(server: http.Server, parts: RevocationServerParts) {
    this.#server = server;
    this.#base = parts.url;
    this.#authorities = parts.authorities;
    this.#requests = parts.requests;
    makeComparable(this, RevocationServer.#shown);
    server.on('error', () => {}); // a failure to accept one connection concerns that connection alone
  }

  /** `http://127.0.0.1:<port>`: an address and not a name, so that no client tries another one first. */
  get url(): string {
    return original(this).#base;
  }

  /** For `ocsp` of a certificate, whichever authority issued it. */
  get ocspUrl(): string {
    return original(this).#base + ocspPath;
  }

  /**
   * For `crlDistributionPoints` of what the authority issues. One that is not of the PKI, such as another intermediate or an impostor, is
   * served from then on, OCSP included.
   */
  crlUrl(authority: Authority): string {
    return this.#base + crlPath(this.#serve(authority));
  }

  /** For `caIssuers` of what the authority issues. Serves it likewise. */
  caIssuersUrl(authority: Authority): string {
    return this.#base + caIssuersPath(this.#serve(authority));
  }

  /** What was asked for so far, in order, and what was answered, the last `maxRequests` of it: proof that a client really asked. */
  get requests(): readonly RevocationRequest[] {
    return [...original(this).#requests];
  }

  /** Ends every connection and releases the port. */
  close(): Promise<void> {
    this.#closing ??= new Promise((resolve) => {
      this.#server.close(() => {
        resolve(); // an error says that it was closed before, which is what was asked for
      });
      this.#server.closeAllConnections();
    });
    return this.#closing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #serve(authority: Authority): string {
    if (!isAuthority(authority)) throw invalidOption('authority', typeName(authority), 'an Authority, e.g. pki.issuer');
    const id = authorityId(authority);
    this.#authorities.set(id, authority);
    return id;
  }
}

/** The name of an authority in URLs. */
export function authorityId(authority: Authority): string {
  return authority.certificate.fingerprint.replaceAll(':', '').toLowerCase();
}
